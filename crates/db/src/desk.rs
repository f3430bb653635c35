//! What the desk has to look at, whoever asks for it.

use jiff::Timestamp;
use storewire_domain::TenantId;
use uuid::Uuid;

use crate::{DbError, ReadTx};

/// The tenants in whose rows something's time has come: a request to remind of, or one that expires.
///
/// # Errors
/// As every statement.
pub async fn tenants_due(tx: &ReadTx, now: Timestamp, limit: u32) -> Result<Vec<TenantId>, DbError> {
    let rows = tx.query(include_str!("../queries/desk/tenants_due.sql"), &[&now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(TenantId(row.try_get(0)?))).collect()
}

/// The tenants that have a ticket whose answer goal has passed and was not noticed.
///
/// # Errors
/// As every statement.
pub async fn tenants_late(tx: &ReadTx, now: Timestamp, limit: u32) -> Result<Vec<TenantId>, DbError> {
    let rows = tx.query(include_str!("../queries/desk/tenants_late.sql"), &[&now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(TenantId(row.try_get(0)?))).collect()
}

/// The files of counts that are being written, oldest first: those at which somebody is, and those that were cut off. Not those that have
/// expired since: somebody may have counted anew, so a person says whether they still hold.
///
/// # Errors
/// As every statement.
pub async fn imports_writing(tx: &ReadTx, now: Timestamp, limit: u32) -> Result<Vec<(TenantId, Uuid)>, DbError> {
    let rows = tx.query(include_str!("../queries/desk/imports_writing.sql"), &[&now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok((TenantId(row.try_get(0)?), row.try_get(1)?))).collect()
}
