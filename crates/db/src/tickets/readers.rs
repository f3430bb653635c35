//! Who has read up to where.

use jiff::Timestamp;
use storewire_domain::{TicketId, UserId};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// Notes that a person has read a ticket up to a message of this time.
///
/// # Errors
/// As every statement.
pub async fn read_up_to(tx: &TenantTx, ticket: TicketId, user: UserId, at: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../../queries/ticket/read.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &ticket.uuid(), &user.uuid(), &at]).await?;
    Ok(())
}

/// Which of these tickets say something that a person has not read, in no order.
///
/// # Errors
/// As every statement.
pub async fn unread(tx: &ReadTx, user: UserId, tickets: &[TicketId]) -> Result<Vec<TicketId>, DbError> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = tickets.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../../queries/ticket/unread.sql"), &[&user.uuid(), &ids]).await?;
    rows.iter().map(|row| Ok(TicketId(row.try_get(0)?))).collect()
}

/// How many of the newest thousand tickets in the reader's sight that are not closed say something that a person has not read; of those
/// that `own` opened if given.
///
/// # Errors
/// As every statement.
pub async fn unread_count(tx: &ReadTx, user: UserId, own: Option<UserId>) -> Result<i64, DbError> {
    let sql = include_str!("../../queries/ticket/unread_count.sql");
    Ok(tx.query_one(sql, &[&user.uuid(), &tx.stores_in_sight(), &own.map(UserId::uuid)]).await?.try_get(0)?)
}
