//! Tags: what people here call a customer, for lists. The store knows nothing of them.

use jiff::Timestamp;
use storewire_domain::{StoreId, UserId};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// The store of a customer, which is held still until this transaction ends.
///
/// # Errors
/// As every statement.
pub async fn lock(tx: &TenantTx, customer: Uuid) -> Result<Option<StoreId>, DbError> {
    let sql = include_str!("../../queries/customer_tag/lock.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &customer]).await?;
    row.map(|row| Ok(StoreId(row.try_get("store_id")?))).transpose()
}

/// The tags of a customer, in alphabetical order.
///
/// # Errors
/// As every statement.
pub async fn of(tx: &TenantTx, customer: Uuid) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../../queries/customer_tag/of.sql");
    tx.query(sql, &[&tx.tenant.uuid(), &customer]).await?.iter().map(|row| Ok(row.try_get("tag")?)).collect()
}

/// Tags a customer; false if it has the tag.
///
/// # Errors
/// `Conflict` with `customer_tag_is_a_word` for a tag that is none.
pub async fn add(tx: &TenantTx, customer: Uuid, tag: &str, by: UserId, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/customer_tag/add.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &customer, &tag, &by.uuid(), &now]).await? > 0)
}

/// Takes a tag off a customer; false if it does not have it.
///
/// # Errors
/// As every statement.
pub async fn remove(tx: &TenantTx, customer: Uuid, tag: &str) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/customer_tag/remove.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &customer, &tag]).await? > 0)
}

/// The tags that customers in the reader's sight have, each with their number: those of most customers first.
///
/// # Errors
/// As every statement.
pub async fn all(tx: &ReadTx, limit: u32) -> Result<Vec<(String, i64)>, DbError> {
    let sql = include_str!("../../queries/customer_tag/all.sql");
    let rows = tx.query(sql, &[&tx.stores_in_sight(), &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok((row.try_get("tag")?, row.try_get("customers")?))).collect()
}
