//! Somebody has read a ticket.

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{changes, tickets};
use storewire_domain::ticket::Side;

use super::{
    super::{DeskError, DeskShared, Hand},
    Thread, lock, told,
};

/// Notes up to where somebody has read. Open pages are told once for each side: that it was seen, and of nobody who did.
pub(super) async fn read(shared: &DeskShared, by: &Hand, of: Thread, up_to: Timestamp) -> Result<(), DeskError> {
    let side = Side::from(by.class);
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let before = tickets::seen(&tx, of.tenant, of.id).await?.by(side);
    tickets::read_up_to(&tx, of.id, by.user, up_to).await?;
    let is_news = before < Some(up_to);
    if is_news {
        let field = match side {
            Side::Merchant => "seen_by_merchant",
            Side::Staff => "seen_by_staff",
        };
        let change = told::changed(row.id, field, json!(before), json!(up_to));
        changes::append_one(&tx, row.store_id, change, shared.clock.now()).await?;
    }
    tx.commit().await?;
    if is_news {
        shared.feed.send();
    }
    Ok(())
}
