//! What people and time do to requests.

use jiff::Timestamp;
use storewire_domain::{
    Edit, RequestId, StoreId, UserId,
    intent::Fields,
    request::{Meaning, RequestState},
};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::read::{RequestRow, one, rows};
use crate::{DbError, TenantTx, scope::Param};

/// A wish to write down.
#[derive(Clone, Debug)]
pub struct NewRequest<'a> {
    pub id: RequestId,
    /// See [`crate::desk_numbers`].
    pub number: i64,
    pub store: StoreId,
    /// Our id of the product or order.
    pub entity: Uuid,
    /// What people call it.
    pub about: &'a str,
    pub edit: &'a Edit,
    /// What the asker saw, which is what the store holds; no fields for what changes nothing that is there.
    pub base: &'a Fields,
    pub meaning: Meaning,
    pub note: &'a str,
    pub by: UserId,
    pub by_name: &'a str,
    pub deed: Uuid,
    pub due_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What somebody decided.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// `Approved` or `Rejected`.
    pub state: RequestState,
    pub by: UserId,
    pub by_name: &'a str,
    /// Of an approval.
    pub meaning: Option<Meaning>,
    /// Of an approval: what is to be written.
    pub edit: Option<&'a Edit>,
    /// Of an approval: what writes it.
    pub intent: Option<Uuid>,
    /// Of a rejection.
    pub reason: Option<&'a str>,
    pub deed: Uuid,
}

/// With what a failed request is brought back.
#[derive(Clone, Debug)]
pub struct Reopened<'a> {
    /// What the store holds.
    pub current: &'a Fields,
    pub deed: Uuid,
    pub due_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Writes a request down.
///
/// # Errors
/// `Conflict` with `request_one_waiting` if one about the same values waits, with `request_pkey` if it was written before.
pub async fn insert(tx: &TenantTx, new: &NewRequest<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../../queries/request/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &new.id.uuid(),
            &new.number,
            &new.store.uuid(),
            &new.edit.kind(),
            &new.entity,
            &new.about,
            &Json(new.edit),
            &Json(told(new.base)),
            &new.meaning.as_str(),
            &new.note,
            &new.by.uuid(),
            &new.by_name,
            &now,
            &new.deed,
            &new.due_at,
            &new.expires_at,
        ],
    )
    .await?;
    Ok(())
}

/// A request as it stands; it stays so until this transaction ends, because all who would change it wait.
///
/// # Errors
/// As every statement.
pub async fn lock(tx: &TenantTx, id: RequestId) -> Result<Option<RequestRow>, DbError> {
    let key: [Param<'_>; 2] = [&tx.tenant.uuid(), &id.uuid()];
    let (locked, found) = tokio::join!(
        biased;
        tx.execute(include_str!("../../queries/request/lock.sql"), &key),
        rows(tx, one(tx.tenant, id)),
    );
    locked?;
    Ok(found?.pop())
}

/// Decides a request that waits and has this version, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// `Conflict` with `request_four_eyes` if it is the decider's own.
pub async fn decide(
    tx: &TenantTx,
    id: RequestId,
    version: i64,
    decided: &Decided<'_>,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/request/decide.sql");
    let params: [Param<'_>; 12] = [
        &tx.tenant.uuid(),
        &id.uuid(),
        &version,
        &decided.state.as_str(),
        &decided.by.uuid(),
        &decided.by_name,
        &now,
        &decided.meaning.map(Meaning::as_str),
        &decided.edit.map(Json),
        &decided.intent,
        &decided.reason,
        &decided.deed,
    ];
    moved_to(tx, sql, &params).await
}

/// Takes a request back that waits and has this version, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// As every statement.
pub async fn withdraw(
    tx: &TenantTx,
    id: RequestId,
    version: i64,
    deed: Uuid,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/request/withdraw.sql");
    moved_to(tx, sql, &[&tx.tenant.uuid(), &id.uuid(), &version, &deed, &now]).await
}

/// Brings a request that failed and has this version back to be decided, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// `Conflict` with `request_one_waiting` if another about the same values waits by now.
pub async fn reopen(
    tx: &TenantTx,
    id: RequestId,
    version: i64,
    with: &Reopened<'_>,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/request/reopen.sql");
    let current = Json(told(with.current));
    let params: [Param<'_>; 8] =
        [&tx.tenant.uuid(), &id.uuid(), &version, &current, &with.deed, &with.due_at, &with.expires_at, &now];
    moved_to(tx, sql, &params).await
}

/// Ends a request that has waited until its end, and answers its next version; `None` if it no longer waits, or may still.
///
/// # Errors
/// As every statement.
pub async fn expire(tx: &TenantTx, id: RequestId, deed: Uuid, now: Timestamp) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/request/expire.sql");
    moved_to(tx, sql, &[&tx.tenant.uuid(), &id.uuid(), &deed, &now]).await
}

/// Says when a request that waits is looked at again, and how many reminders were sent since anybody last spoke of it. One that was decided
/// meanwhile stays as it is.
///
/// # Errors
/// As every statement.
pub async fn postpone(
    tx: &TenantTx,
    id: RequestId,
    due_at: Timestamp,
    reminders: i16,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../../queries/request/postpone.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &due_at, &reminders, &now]).await?;
    Ok(())
}

/// The requests of the transaction's tenant whose time has come.
///
/// # Errors
/// As every statement.
pub async fn due(tx: &TenantTx, now: Timestamp, limit: u32) -> Result<Vec<RequestId>, DbError> {
    let sql = include_str!("../../queries/request/due.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(RequestId(row.try_get(0)?))).collect()
}

async fn moved_to(tx: &TenantTx, sql: &str, params: &[Param<'_>]) -> Result<Option<i64>, DbError> {
    tx.query_opt(sql, params).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Fields as they are stored: JSON's `null` where there are none.
pub(super) fn told(fields: &Fields) -> Option<&Fields> {
    fields.names().next().map(|_| fields)
}
