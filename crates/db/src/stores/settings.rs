//! What people set for a store.

use std::time::Duration;

use jiff::Timestamp;
use storewire_domain::StoreId;
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// Gives a store another name.
///
/// # Errors
/// As every statement.
pub async fn rename(tx: &TenantTx, id: StoreId, name: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE store SET name = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2";
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &name, &now]).await?;
    Ok(())
}

/// Says how old a store's numbers may be before people are warned, in whole seconds.
///
/// # Errors
/// `Conflict` if it is less than a second or more than a week.
pub async fn set_freshness_goal(tx: &TenantTx, id: StoreId, goal: Duration, now: Timestamp) -> Result<(), DbError> {
    let seconds = i32::try_from(goal.as_secs()).unwrap_or(i32::MAX);
    let sql = "UPDATE store SET freshness_goal_s = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2";
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &seconds, &now]).await?;
    Ok(())
}

/// Other addresses under which this very store sends webhooks.
///
/// # Errors
/// As every statement.
pub async fn known_sources(tx: &TenantTx, id: StoreId) -> Result<Vec<String>, DbError> {
    let sql = "SELECT known_sources FROM store WHERE tenant_id = $1 AND id = $2";
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid()]).await?;
    row.map_or_else(|| Ok(Vec::new()), |row| Ok(row.try_get(0)?))
}

/// Adds an address under which this very store sends webhooks. One that is known already stays as it is.
///
/// # Errors
/// As every statement.
pub async fn add_source(tx: &TenantTx, id: StoreId, source: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../../queries/store/add_source.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &source, &now]).await?;
    Ok(())
}

/// Deliveries that were set aside for this reason, because they came from a place that is none of the store's.
///
/// # Errors
/// As every statement.
pub async fn quarantined(tx: &TenantTx, id: StoreId, reason: &str) -> Result<Vec<Uuid>, DbError> {
    let rows = tx
        .query(include_str!("../../queries/store/quarantined.sql"), &[&tx.tenant.uuid(), &id.uuid(), &reason])
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
