//! What is low is told once: to open pages, to the merchant's administrators, and to the platform's people who keep the store.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    identity,
    notices::{self, NewNotice},
    stock::{self, NewLow},
};
use storewire_domain::{ChangeKind, ProductId, Source, StoreId, TenantRole, UserId};

use super::super::shared::MOST_TOLD;

/// Says that these are low, tells those who are to know but the one whose doing it is, and answers what the change log is to say.
pub(crate) async fn raised(
    tx: &TenantTx,
    store: StoreId,
    low: &[NewLow],
    by: Option<UserId>,
    now: Timestamp,
) -> Result<Vec<NewChange>, DbError> {
    let named = stock::raise_low(tx, store, low, now).await?;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let people = people(tx, store, by).await?;
    let mut lines = Vec::new();
    for (product, name) in &named {
        let Some(one) = low.iter().find(|one| one.product == *product) else { continue };
        for (user, for_staff) in &people {
            lines.push(NewNotice {
                user: *user,
                for_staff: *for_staff,
                kind: "stock-low",
                detail: json!({ "about": name, "quantity": one.quantity.normalize(), "level": one.level.normalize() }),
                about_kind: "product",
                about_id: product.uuid(),
                once: format!("stock-low:{product}:{now}"),
            });
        }
    }
    notices::tell(tx, &lines, now).await?;
    Ok(named.iter().map(|(product, _)| changed(*product, "low", (false.into(), true.into()), Source::Engine)).collect())
}

/// Who is to know, and whether as one of the platform's people.
async fn people(tx: &TenantTx, store: StoreId, by: Option<UserId>) -> Result<Vec<(UserId, bool)>, DbError> {
    let (admins, keepers) = tokio::try_join!(
        biased;
        identity::members_with(tx, TenantRole::Admin),
        identity::keepers(tx, store, MOST_TOLD),
    )?;
    let admins = admins.into_iter().map(|person| (person.id, false));
    let all = admins.chain(keepers.into_iter().map(|keeper| (keeper, true)));
    Ok(all.filter(|(user, _)| Some(*user) != by).collect())
}

/// Says that these are no longer low, and answers what the change log is to say.
pub(crate) async fn ended(tx: &TenantTx, products: &[ProductId], now: Timestamp) -> Result<Vec<NewChange>, DbError> {
    let over = stock::end_low(tx, products, now).await?;
    Ok(over.into_iter().map(|product| changed(product, "low", (true.into(), false.into()), Source::Engine)).collect())
}

/// An entry of the change log about a product's stock.
pub(super) fn changed(product: ProductId, field: &'static str, pair: (Value, Value), source: Source) -> NewChange {
    NewChange {
        kind: ChangeKind::StockChanged,
        entity_id: product.uuid(),
        source,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([(field, pair)]),
    }
}
