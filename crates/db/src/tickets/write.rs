//! What people and time do to tickets.

use jiff::Timestamp;
use storewire_domain::{
    StoreId, TicketId, UserId,
    ticket::{Priority, TicketState},
};
use uuid::Uuid;

use super::read::{About, TicketRow, one, rows};
use crate::{DbError, TenantTx, scope::Param};

/// A ticket to open; its first message is written beside it.
#[derive(Clone, Debug)]
pub struct NewTicket<'a> {
    pub id: TicketId,
    /// See [`crate::desk_numbers`].
    pub number: i64,
    pub store: StoreId,
    pub subject: &'a str,
    /// Whom it waits for.
    pub state: TicketState,
    pub priority: Priority,
    pub about: Option<&'a About>,
    pub by: UserId,
    pub by_name: &'a str,
    pub by_staff: bool,
    /// When staff have to have answered first; `None` exactly for one that staff open.
    pub answer_due_at: Option<Timestamp>,
    pub deed: Uuid,
}

/// Words that both sides see.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// Whom the ticket waits for after them.
    pub state: TicketState,
    pub by_staff: bool,
    /// Later than every message before.
    pub at: Timestamp,
    pub deed: Uuid,
}

/// A step of a ticket as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    pub id: TicketId,
    /// The version that they saw.
    pub version: i64,
    pub deed: Uuid,
}

/// Writes a ticket down.
///
/// # Errors
/// `Conflict` with `ticket_pkey` if it was written before.
pub async fn insert(tx: &TenantTx, new: &NewTicket<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../../queries/ticket/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &new.id.uuid(),
            &new.number,
            &new.store.uuid(),
            &new.subject,
            &new.state.as_str(),
            &new.priority.as_str(),
            &new.about.map(|about| about.kind.as_str()),
            &new.about.map(|about| about.id),
            &new.about.map_or("", |about| about.title.as_str()),
            &new.by.uuid(),
            &new.by_name,
            &new.by_staff,
            &now,
            &new.answer_due_at,
            &new.deed,
        ],
    )
    .await?;
    Ok(())
}

/// A ticket as it stands; it stays so until this transaction ends, because all who would move it wait.
///
/// # Errors
/// As every statement.
pub async fn lock(tx: &TenantTx, id: TicketId) -> Result<Option<TicketRow>, DbError> {
    let key: [Param<'_>; 2] = [&tx.tenant.uuid(), &id.uuid()];
    let (locked, found) = tokio::join!(
        biased;
        tx.execute(include_str!("../../queries/ticket/lock.sql"), &key),
        rows(tx, one(tx.tenant, id)),
    );
    locked?;
    Ok(found?.pop())
}

/// Moves a ticket as words do, whatever its version: nobody's words are refused because another was faster.
///
/// # Errors
/// As every statement.
pub async fn said(tx: &TenantTx, id: TicketId, said: Said) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/ticket/said.sql");
    let params: [Param<'_>; 6] =
        [&tx.tenant.uuid(), &id.uuid(), &said.state.as_str(), &said.by_staff, &said.at, &said.deed];
    next_version(tx, sql, &params).await
}

/// Gives a ticket that has this version to somebody, or to nobody, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// As every statement.
pub async fn assign(
    tx: &TenantTx,
    of: Moved,
    to: Option<(UserId, &str)>,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/ticket/assign.sql");
    let (user, name) = (to.map(|(user, _)| user.uuid()), to.map(|(_, name)| name));
    let params: [Param<'_>; 7] = [&tx.tenant.uuid(), &of.id.uuid(), &of.version, &user, &name, &of.deed, &now];
    next_version(tx, sql, &params).await
}

/// Gives a ticket that has this version another priority, and its answer goal with it, and answers its next version; `None` if somebody
/// was faster.
///
/// # Errors
/// As every statement.
pub async fn prioritise(
    tx: &TenantTx,
    of: Moved,
    priority: Priority,
    answer_due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/ticket/prioritise.sql");
    let params: [Param<'_>; 7] =
        [&tx.tenant.uuid(), &of.id.uuid(), &of.version, &priority.as_str(), &answer_due_at, &of.deed, &now];
    next_version(tx, sql, &params).await
}

/// Closes or reopens a ticket that has this version, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// As every statement.
pub async fn move_to(tx: &TenantTx, of: Moved, state: TicketState, now: Timestamp) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/ticket/move.sql");
    let params: [Param<'_>; 6] = [&tx.tenant.uuid(), &of.id.uuid(), &of.version, &state.as_str(), &of.deed, &now];
    next_version(tx, sql, &params).await
}

/// The tickets of the transaction's tenant whose answer goal has passed unnoticed.
///
/// # Errors
/// As every statement.
pub async fn due(tx: &TenantTx, now: Timestamp, limit: u32) -> Result<Vec<TicketId>, DbError> {
    let sql = include_str!("../../queries/ticket/due.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(TicketId(row.try_get(0)?))).collect()
}

/// Notes that an answer goal was missed; false if it was not, or is noted.
///
/// # Errors
/// As every statement.
pub async fn late(tx: &TenantTx, id: TicketId, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/ticket/late.sql");
    Ok(tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid(), &now]).await?.is_some())
}

async fn next_version(tx: &TenantTx, sql: &str, params: &[Param<'_>]) -> Result<Option<i64>, DbError> {
    tx.query_opt(sql, params).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}
