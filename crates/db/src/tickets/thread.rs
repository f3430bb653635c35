//! What is said in tickets: entries that both sides see, and notes that only staff do.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{TenantId, TicketId, UserId, ticket::MessageKind};
use tokio_postgres::Row;
use uuid::Uuid;

use super::read::word;
use crate::{DbError, DeskTx, ReadTx, TenantTx, decode::known};

/// Entries of a thread that are read at once: the newest.
const MOST_READ: i64 = 500;

/// An entry to write.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    pub ticket: TicketId,
    /// The deed that it tells of: one id, one entry.
    pub id: Uuid,
    pub at: Timestamp,
    pub by: UserId,
    /// Kept, because merchants cannot look the platform's people up.
    pub by_name: &'a str,
    pub by_staff: bool,
    pub kind: MessageKind,
    pub text: &'a str,
    /// Its states, or what an action became.
    pub detail: Value,
}

/// One entry of a thread.
#[derive(Clone, Debug)]
pub struct MessageRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub user_id: UserId,
    pub by_name: String,
    pub by_staff: bool,
    pub kind: MessageKind,
    pub text: String,
    pub detail: Value,
}

/// A note to write.
#[derive(Clone, Debug)]
pub struct NewNote<'a> {
    pub ticket: TicketId,
    /// The deed that it tells of: one id, one note.
    pub id: Uuid,
    pub at: Timestamp,
    pub by: UserId,
    pub by_name: &'a str,
    pub text: &'a str,
}

/// One note of staff.
#[derive(Clone, Debug)]
pub struct NoteRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub user_id: UserId,
    pub by_name: String,
    pub text: String,
}

/// Adds an entry; false if it was there.
///
/// # Errors
/// As every statement.
pub async fn message(tx: &TenantTx, new: &NewMessage<'_>) -> Result<bool, DbError> {
    let written = tx
        .execute(
            include_str!("../../queries/ticket/insert_message.sql"),
            &[
                &tx.tenant.uuid(),
                &new.ticket.uuid(),
                &new.id,
                &new.at,
                &new.by.uuid(),
                &new.by_name,
                &new.by_staff,
                &new.kind.as_str(),
                &new.text,
                &new.detail,
            ],
        )
        .await?;
    Ok(written > 0)
}

/// Adds a note; false if it was there.
///
/// # Errors
/// As every statement.
pub async fn note(tx: &DeskTx, new: &NewNote<'_>) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/ticket/insert_note.sql");
    let ticket = new.ticket.uuid();
    let written = tx
        .execute(sql, &[&tx.tenant.uuid(), &ticket, &new.id, &new.at, &new.by.uuid(), &new.by_name, &new.text])
        .await?;
    Ok(written > 0)
}

/// The newest entries of a tenant's ticket, oldest first.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn messages(tx: &ReadTx, tenant: TenantId, ticket: TicketId) -> Result<Vec<MessageRow>, DbError> {
    let sql = include_str!("../../queries/ticket/messages.sql");
    known(&tx.query(sql, &[&tenant.uuid(), &ticket.uuid(), &MOST_READ]).await?, entry)
}

/// The newest notes on a tenant's ticket, oldest first. Only the platform's scope may ask: the database refuses a merchant's.
///
/// # Errors
/// As every statement.
pub async fn notes(tx: &ReadTx, tenant: TenantId, ticket: TicketId) -> Result<Vec<NoteRow>, DbError> {
    let sql = include_str!("../../queries/ticket/notes.sql");
    tx.query(sql, &[&tenant.uuid(), &ticket.uuid(), &MOST_READ]).await?.iter().map(noted).collect()
}

/// The people of the merchant's side who opened a ticket or wrote in it.
///
/// # Errors
/// As every statement.
pub async fn merchants_of(tx: &TenantTx, ticket: TicketId) -> Result<Vec<UserId>, DbError> {
    let sql = include_str!("../../queries/ticket/merchants_of.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &ticket.uuid()]).await?;
    rows.iter().map(|row| Ok(UserId(row.try_get(0)?))).collect()
}

fn entry(row: &Row) -> Result<MessageRow, DbError> {
    Ok(MessageRow {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        user_id: UserId(row.try_get("user_id")?),
        by_name: row.try_get("by_name")?,
        by_staff: row.try_get("by_staff")?,
        kind: word(row.try_get("kind")?, "kind")?,
        text: row.try_get("text")?,
        detail: row.try_get("detail")?,
    })
}

fn noted(row: &Row) -> Result<NoteRow, DbError> {
    Ok(NoteRow {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        user_id: UserId(row.try_get("user_id")?),
        by_name: row.try_get("by_name")?,
        text: row.try_get("text")?,
    })
}
