//! What time brings: reminders of requests that nobody decides, and their end.
//!
//! What is due stands in the rows. Whoever was awake does it, once; who finds it done passes it by.

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{DbError, DeskTx, RequestRow, changes, requests};
use storewire_domain::{
    RequestId, Source, TenantId, UserId,
    request::{RequestEvent, RequestState},
};
use uuid::Uuid;

use super::{
    super::{DeskShared, letters},
    perhaps,
    told::{self, Subject},
};

/// Requests seen to in one go; the others when the rows are looked at next.
const AT_ONCE: u32 = 100;

/// Reminds of a tenant's requests, or ends them, whose time has come.
pub(crate) async fn see_to_what_is_due(shared: &DeskShared, tenant: TenantId) -> Result<(), DbError> {
    let tx = shared.db.desk(tenant).await?;
    let due = requests::due(&tx, shared.clock.now(), AT_ONCE).await?;
    tx.commit().await?;
    for id in due {
        see_to(shared, tenant, id).await?;
    }
    Ok(())
}

async fn see_to(shared: &DeskShared, tenant: TenantId, id: RequestId) -> Result<(), DbError> {
    let now = shared.clock.now();
    let seen = perhaps(shared, tenant, id).await?;
    let staff = match seen.filter(|row| row.expires_at > now) {
        Some(row) => shared.keepers_but(row.store_id, row.asked_by).await?,
        None => Vec::new(),
    };
    let tx = shared.db.desk(tenant).await?;
    let row = requests::lock(&tx, id).await?;
    // Another may have been here, or somebody has spoken meanwhile.
    let Some(row) = row.filter(|row| row.due_at.is_some_and(|due| due <= now)) else { return tx.commit().await };
    if row.expires_at <= now {
        expire(&tx, &row, now).await?;
    } else {
        remind(&tx, shared, &row, &staff, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    shared.letters.send();
    Ok(())
}

async fn expire(tx: &DeskTx, row: &RequestRow, now: Timestamp) -> Result<(), DbError> {
    let deed = Uuid::now_v7();
    if requests::expire(tx, row.id, deed, now).await?.is_none() {
        return Ok(());
    }
    let of = Subject::from(row);
    told::note_of_engine(tx, &of, deed, (RequestEvent::Expired, "request.expire"), json!({}), now).await?;
    let words = letters::requests::expired(row.number, &row.about);
    told::tell_end(tx, &of, row.asked_by, ("request-expired", &words), deed, now).await?;
    let change = told::changed(row.id, Some(row.state), RequestState::Expired, Source::Engine);
    changes::append_one(tx, row.store_id, change, now).await
}

async fn remind(
    tx: &DeskTx,
    shared: &DeskShared,
    row: &RequestRow,
    staff: &[UserId],
    now: Timestamp,
) -> Result<(), DbError> {
    let (deed, sent) = (Uuid::now_v7(), row.reminders.saturating_add(1));
    let due_at = shared.config.next_look(now, sent, row.expires_at);
    requests::postpone(tx, row.id, due_at, sent, now).await?;
    let of = Subject::from(row);
    told::note_of_engine(tx, &of, deed, (RequestEvent::Reminded, "request.remind"), json!({}), now).await?;
    told::tell_staff(tx, &of, staff, "request-reminded", deed, now).await
}
