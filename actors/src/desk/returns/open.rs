//! A buyer sends goods back.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::json;
use storewire_db::{
    DeskTx, ReturnRow, desk_numbers,
    returns::{self, NewItem, NewReturn, Returnable},
};
use storewire_domain::{
    ReturnId,
    returns::{ReturnEntry, ReturnRefusal, ReturnState, check_quantity},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    LONGEST, OpenReturn, find, perhaps, staff_only,
    told::{self, Told},
    words,
};

/// Writes the return down; its id is the deed's.
pub(super) async fn open(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wish: &OpenReturn,
) -> Result<ReturnRow, DeskError> {
    staff_only(by)?;
    let (tenant, id) = (wish.tenant, ReturnId(deed));
    // Opened before, it is answered whatever has become of it.
    if let Some(row) = perhaps(shared, tenant, id).await? {
        return if row.opened_by == by.user { Ok(row) } else { Err(DeskError::NotFound) };
    }
    let note = words("note", &wish.note, LONGEST)?;
    let tx = shared.db.desk(tenant).await?;
    match write(&tx, shared, deed, by, wish, note).await {
        Ok(()) => tx.commit().await?,
        Err(DeskError::Db(error)) if error.constraint() == Some("return_case_pkey") => drop(tx),
        Err(error) => return Err(error),
    }
    shared.feed.send();
    find(shared, tenant, id).await
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wish: &OpenReturn,
    note: &str,
) -> Result<(), DeskError> {
    let now = shared.clock.now();
    // First of all: of two who open one at once, the second waits here and then sees what the first took.
    let number = desk_numbers::next(tx, desk_numbers::Numbered::Return).await?;
    let order = returns::returnable(tx, wish.order).await?.ok_or(DeskError::NotFound)?;
    let items = items(&order, &wish.items)?;
    let told: Vec<_> = items.iter().map(|item| json!({ "line": item.line, "quantity": item.quantity })).collect();
    let new = NewReturn {
        id: ReturnId(deed),
        number,
        store: order.store,
        order: wish.order,
        order_number: &order.number,
        reason: wish.reason,
        note,
        by: by.user,
        by_name: &by.name,
        buyer_name: &order.buyer_name,
        buyer_email: &order.buyer_email,
        deed,
        items,
    };
    returns::insert(tx, &new, now).await?;
    let of = told::Subject { id: new.id, number, order: wish.order, order_number: &order.number, store: order.store };
    let entry = Told {
        deed,
        by,
        kind: ReturnEntry::Opened,
        text: note,
        action: "return.open",
        notice: Some("return-opened"),
        detail: json!({ "reason": wish.reason, "items": told }),
        letter: None,
    };
    told::note(tx, &of, entry, now).await?;
    Ok(told::log(tx, &of, Some((None, ReturnState::Asked)), now).await?)
}

/// What of the order comes back.
fn items<'a>(order: &'a Returnable, wanted: &[(String, Decimal)]) -> Result<Vec<NewItem<'a>>, ReturnRefusal> {
    if wanted.is_empty() {
        return Err(ReturnRefusal::NoItems);
    }
    let mut named = HashSet::new();
    let item = |(line, quantity): &(String, Decimal)| {
        let line = order.lines.iter().find(|one| one.remote_id == *line && named.insert(line.clone()));
        let line = line.ok_or(ReturnRefusal::NoSuchItem)?;
        check_quantity(*quantity, line.ordered, line.returned)?;
        Ok::<_, ReturnRefusal>(NewItem {
            line: &line.remote_id,
            product: line.product,
            name: &line.name,
            sku: &line.sku,
            quantity: *quantity,
        })
    };
    wanted.iter().map(item).collect()
}
