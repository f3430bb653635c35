//! What happened to a return and what was said about it, entry by entry.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{LetterId, ReturnId, TenantId, UserId, returns::ReturnEntry};
use tokio_postgres::Row;
use uuid::Uuid;

use super::read::word;
use crate::{DbError, ReadTx, TenantTx};

/// An entry to write.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    pub of: ReturnId,
    /// The deed that it tells of, or a fresh id: one id, one entry.
    pub id: Uuid,
    /// Nobody, if the engine did it. The name is kept, because merchants cannot look up the platform's people.
    pub by: Option<(UserId, &'a str)>,
    pub kind: ReturnEntry,
    /// What was said.
    pub text: &'a str,
    /// Its numbers.
    pub detail: &'a Value,
    /// The letter that a message became.
    pub letter: Option<LetterId>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub by_name: String,
    pub kind: ReturnEntry,
    pub text: String,
    pub detail: Value,
    pub letter_id: Option<LetterId>,
}

/// Adds an entry; false if it was there.
///
/// # Errors
/// As every statement.
pub async fn event(tx: &TenantTx, new: &NewEvent<'_>, now: Timestamp) -> Result<bool, DbError> {
    let written = tx
        .execute(
            include_str!("../../queries/return/insert_event.sql"),
            &[
                &tx.tenant.uuid(),
                &new.of.uuid(),
                &new.id,
                &now,
                &new.by.map(|(user, _)| user.uuid()),
                &new.by.map_or("", |(_, name)| name),
                &new.kind.as_str(),
                &new.text,
                new.detail,
                &new.letter.map(LetterId::uuid),
            ],
        )
        .await?;
    Ok(written > 0)
}

/// The timeline of a return of a tenant, oldest first.
///
/// # Errors
/// As every statement.
pub async fn events(tx: &ReadTx, tenant: TenantId, of: ReturnId) -> Result<Vec<EventRow>, DbError> {
    let rows = tx.query(include_str!("../../queries/return/events.sql"), &[&tenant.uuid(), &of.uuid()]).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<EventRow, DbError> {
    Ok(EventRow {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        user_id: row.try_get::<_, Option<Uuid>>("user_id")?.map(UserId),
        by_name: row.try_get("by_name")?,
        kind: word(row.try_get("kind")?, "return_event", "kind")?,
        text: row.try_get("text")?,
        detail: row.try_get("detail")?,
        letter_id: row.try_get::<_, Option<Uuid>>("letter_id")?.map(LetterId),
    })
}
