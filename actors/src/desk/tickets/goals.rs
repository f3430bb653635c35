//! What time brings: answer goals that staff miss.
//!
//! What is due stands in the rows. Whoever was awake notes it, once; who finds it noted passes it by.

use storewire_db::{DbError, changes, tickets};
use storewire_domain::{ChangeKind, Source, TenantId, TicketId};
use uuid::Uuid;

use super::{
    super::DeskShared,
    perhaps,
    told::{self, News},
};

/// Tickets seen to in one go; the others when the rows are looked at next.
const AT_ONCE: u32 = 100;

/// Notes which of a tenant's tickets staff have left without an answer for too long.
pub(in crate::desk) async fn see_to_what_is_due(shared: &DeskShared, tenant: TenantId) -> Result<(), DbError> {
    let tx = shared.db.desk(tenant).await?;
    let due = tickets::due(&tx, shared.clock.now(), AT_ONCE).await?;
    tx.commit().await?;
    for id in due {
        see_to(shared, tenant, id).await?;
    }
    Ok(())
}

async fn see_to(shared: &DeskShared, tenant: TenantId, id: TicketId) -> Result<(), DbError> {
    let now = shared.clock.now();
    let Some(row) = perhaps(shared, tenant, id).await? else { return Ok(()) };
    let keepers = shared.keepers(row.store_id).await?;
    let tx = shared.db.desk(tenant).await?;
    if tickets::late(&tx, id, now).await? {
        let news = News { kind: "ticket-late", once: Uuid::now_v7(), now };
        told::tell_staff(&tx, &row, &keepers, None, news).await?;
        changes::append_one(&tx, row.store_id, told::entry(id, ChangeKind::TicketChanged, Source::Engine), now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    Ok(())
}
