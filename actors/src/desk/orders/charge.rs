//! What the platform charges a merchant for an order. Nothing of it is in any sum, page or answer of theirs, nor in a buyer's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use storewire_db::{
    DbError, DeskTx, audit,
    changes::{self, NewChange},
    orders::{self, ChargeRow, NewCharge},
};
use storewire_domain::{
    ChangeKind, OrderId, Source, StoreId,
    intent::{EditFault, Rejected, readable},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    AtOrder, Charge, staff_only, standing,
};
use crate::failpoint;

/// The longest label, in characters.
const LONGEST: usize = 200;
/// The finest amount that a currency knows, in digits after the point.
const FINEST: u32 = 4;
/// Larger than any charge that is meant.
const LARGEST: u64 = 99_999_999_999;

pub(super) async fn add(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    at: AtOrder,
    wish: &Charge,
) -> Result<ChargeRow, DeskError> {
    staff_only(by)?;
    let label = wish.label.trim();
    check(label, wish.amount)?;
    let tx = shared.db.desk(at.tenant).await?;
    let order = standing(&tx, at.order).await?;
    let currency = currency(wish.currency.as_deref(), &order.currency)?;
    let now = shared.clock.now();
    let (id, amount) = (deed, wish.amount);
    let new = NewCharge { id, order: at.order, label, amount, currency: &currency, by: by.user, by_name: &by.name };
    if orders::add_charge(&tx, &new, now).await? {
        let detail = json!({ "charge": id, "label": label, "amount": amount, "currency": currency });
        audit::write(&tx, Some(by.user), "desk.charge", Some(at.order.uuid()), &detail, now).await?;
        let told = json!(format!("{label} {amount} {currency}"));
        log(&tx, order.store, at.order, (Value::Null, told), now).await?;
    }
    finish(shared, tx).await?;
    find(shared, at, id).await
}

pub(super) async fn end(shared: &DeskShared, by: &Hand, at: AtOrder, id: Uuid) -> Result<ChargeRow, DeskError> {
    staff_only(by)?;
    let charge = find(shared, at, id).await?;
    let tx = shared.db.desk(at.tenant).await?;
    let order = orders::held(&tx, at.order).await?.ok_or(DeskError::NotFound)?;
    let now = shared.clock.now();
    if orders::end_charge(&tx, at.order, id, by.user, now).await? {
        audit::write(&tx, Some(by.user), "desk.charge_end", Some(at.order.uuid()), &json!({ "charge": id }), now)
            .await?;
        let told = json!(format!("{} {} {}", charge.label, charge.amount, charge.currency));
        log(&tx, order.store, at.order, (told, Value::Null), now).await?;
    }
    finish(shared, tx).await?;
    find(shared, at, id).await
}

async fn finish(shared: &DeskShared, tx: DeskTx) -> Result<(), DbError> {
    failpoint!("desk.before_commit");
    tx.commit().await?;
    failpoint!("desk.after_commit");
    shared.feed.send();
    Ok(())
}

/// Tells the pages of staff.
async fn log(tx: &DeskTx, store: StoreId, order: OrderId, told: (Value, Value), now: Timestamp) -> Result<(), DbError> {
    let change = NewChange {
        kind: ChangeKind::DeskCharged,
        entity_id: order.uuid(),
        source: Source::User,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([("charge", told)]),
    };
    changes::append_one(tx, store, change, now).await
}

/// A charge as the platform sees it.
async fn find(shared: &DeskShared, at: AtOrder, id: Uuid) -> Result<ChargeRow, DeskError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = tokio::join!(biased; orders::charges(&tx, at.tenant, at.order), tx.end());
    ended?;
    found?.into_iter().find(|charge| charge.id == id).ok_or(DeskError::NotFound)
}

fn check(label: &str, amount: Decimal) -> Result<(), Rejected> {
    let reject = |field, fault| Err(Rejected { field, fault });
    if label.is_empty() {
        return reject("label", EditFault::Empty);
    }
    readable("label", label, LONGEST)?;
    if amount <= Decimal::ZERO {
        return reject("amount", EditFault::Negative);
    }
    if amount > Decimal::from(LARGEST) {
        return reject("amount", EditFault::TooLarge);
    }
    if amount.normalize().scale() > FINEST {
        return reject("amount", EditFault::TooPrecise);
    }
    Ok(())
}

/// The currency that was named, else the order's.
fn currency(named: Option<&str>, of_order: &str) -> Result<String, Rejected> {
    let currency = named.map_or(of_order, str::trim);
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(currency.to_owned()) } else { Err(Rejected { field: "currency", fault: EditFault::BadText }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_has_a_label_and_costs_something() {
        let fault = |label: &str, amount: &str| check(label, amount.parse().unwrap()).err().map(|why| why.fault);
        assert_eq!(fault("Packing", "12.5000"), None);
        assert_eq!(fault("", "1"), Some(EditFault::Empty));
        assert_eq!(fault("a\u{0}b", "1"), Some(EditFault::BadText));
        assert_eq!(fault("Packing", "0"), Some(EditFault::Negative));
        assert_eq!(fault("Packing", "-1"), Some(EditFault::Negative));
        assert_eq!(fault("Packing", "0.00001"), Some(EditFault::TooPrecise));
        assert_eq!(fault("Packing", "100000000000"), Some(EditFault::TooLarge));
    }

    #[test]
    fn it_is_in_the_orders_currency_unless_another_is_named() {
        assert_eq!(currency(None, "TRY").as_deref(), Ok("TRY"));
        assert_eq!(currency(Some(" EUR "), "TRY").as_deref(), Ok("EUR"));
        assert!(currency(Some("eur"), "TRY").is_err() && currency(None, "").is_err());
    }
}
