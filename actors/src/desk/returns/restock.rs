//! What goes back on the shelf: one write for each product, in the transaction of the decision.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_db::{
    DeskTx, ReturnRow,
    changes::NewChange,
    returns::{self, ItemNews},
};
use storewire_domain::{
    Edit, ProductId, StoreId,
    intent::{Cause, FieldValue, Fields},
    returns::{ItemDecision, ReturnRefusal},
};
use uuid::Uuid;

use super::{
    super::{DeskError, Hand},
    refused,
};
use crate::{
    ProposeError,
    engine::{Wish, write_down},
};

/// Writes the intents for what is to go back and is not on its way yet, and says in `news` which item is in which; one whose fate is
/// another now is in none. Answers what the log is to say of them. Items of one product share one, since each says what the store shall
/// count.
pub(super) async fn begin(
    tx: &DeskTx,
    deed: Uuid,
    by: &Hand,
    row: &ReturnRow,
    news: &mut [ItemNews],
    now: Timestamp,
) -> Result<Vec<(StoreId, NewChange)>, DeskError> {
    let mut back: BTreeMap<ProductId, Decimal> = BTreeMap::new();
    for (item, news) in row.items.iter().zip(news.iter_mut()) {
        if item.item().is_restock_begun() {
            continue;
        }
        news.intent = None;
        let came = news.received.unwrap_or_default();
        if news.decision == Some(ItemDecision::Restock) && came > Decimal::ZERO {
            let product = item.product_id.ok_or_else(|| refused(ReturnRefusal::NotCounted, row))?;
            *back.entry(product).or_default() += came;
        }
    }
    let products: Vec<ProductId> = back.keys().copied().collect();
    let shelf = returns::shelf(tx, row.store_id, &products).await?;
    if shelf.len() < products.len() {
        return Err(refused(ReturnRefusal::NotCounted, row));
    }
    let mut ids = Vec::with_capacity(shelf.len());
    let mut wishes = Vec::with_capacity(shelf.len());
    for (n, held) in (0_u128..).zip(&shelf) {
        let id = Uuid::from_u128(deed.as_u128().wrapping_add(n));
        let came = back.get(&held.product).copied().unwrap_or_default();
        let quantity = held.count.checked_add(came).ok_or_else(|| refused(ReturnRefusal::BadQuantity, row))?;
        let expected = Fields::of("stock_quantity", FieldValue::number(Some(held.count)));
        wishes.push(Wish {
            store: row.store_id,
            entity: held.product.uuid(),
            edit: Edit::Stock { quantity },
            expected: serde_json::to_value(expected).ok(),
            cause: Cause { returned: Some(row.id), ..Cause::of(by.user) },
        });
        ids.push(id);
        for (item, news) in row.items.iter().zip(news.iter_mut()) {
            let is_back =
                news.decision == Some(ItemDecision::Restock) && news.received.unwrap_or_default() > Decimal::ZERO;
            if is_back && news.intent.is_none() && item.product_id == Some(held.product) {
                news.intent = Some(id);
            }
        }
    }
    match write_down(tx, &ids, wishes, now).await {
        Err(ProposeError::NotFound) => Err(refused(ReturnRefusal::NotCounted, row)),
        written => Ok(written?),
    }
}
