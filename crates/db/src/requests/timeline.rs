//! What happened to requests and what was said about them, entry by entry.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{RequestId, TenantId, UserId, request::RequestEvent};
use tokio_postgres::Row;
use uuid::Uuid;

use super::read::word;
use crate::{DbError, ReadTx, TenantTx};

/// An entry to write.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    pub request: RequestId,
    /// The deed that it tells of, or a fresh id: one id, one entry.
    pub id: Uuid,
    /// Nobody, if the engine did it. The name is kept, because merchants cannot look up the platform's people.
    pub by: Option<(UserId, &'a str)>,
    pub by_staff: bool,
    pub kind: RequestEvent,
    /// What was said.
    pub text: &'a str,
    /// Its numbers.
    pub detail: Value,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub request_id: RequestId,
    pub id: Uuid,
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub by_name: String,
    pub by_staff: bool,
    pub kind: RequestEvent,
    pub text: String,
    pub detail: Value,
}

/// Adds an entry; false if it was there.
///
/// # Errors
/// As every statement.
pub async fn event(tx: &TenantTx, new: &NewEvent<'_>, now: Timestamp) -> Result<bool, DbError> {
    let written = tx
        .execute(
            include_str!("../../queries/request/insert_event.sql"),
            &[
                &tx.tenant.uuid(),
                &new.request.uuid(),
                &new.id,
                &now,
                &new.by.map(|(user, _)| user.uuid()),
                &new.by.map_or("", |(_, name)| name),
                &new.by_staff,
                &new.kind.as_str(),
                &new.text,
                &new.detail,
            ],
        )
        .await?;
    Ok(written > 0)
}

/// The timelines of these requests of a tenant, each oldest first.
///
/// # Errors
/// As every statement.
pub async fn events(tx: &ReadTx, tenant: TenantId, requests: &[RequestId]) -> Result<Vec<EventRow>, DbError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = requests.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../../queries/request/events.sql"), &[&tenant.uuid(), &ids]).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<EventRow, DbError> {
    Ok(EventRow {
        request_id: RequestId(row.try_get("request_id")?),
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        user_id: row.try_get::<_, Option<Uuid>>("user_id")?.map(UserId),
        by_name: row.try_get("by_name")?,
        by_staff: row.try_get("by_staff")?,
        kind: word(row.try_get("kind")?, "kind")?,
        text: row.try_get("text")?,
        detail: row.try_get("detail")?,
    })
}
