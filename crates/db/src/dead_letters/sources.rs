//! Who sent what was set aside because it came from another address.

use storewire_domain::{StoreId, TenantId};

use crate::{DbError, ReadTx};

/// The addresses that signed with a store's secret without being it, as far as their deliveries wait for a person and are still kept.
///
/// # Errors
/// As every statement.
pub async fn foreign_sources(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../../queries/dead_letter/foreign_sources.sql");
    let rows = tx.query(sql, &[&tenant.uuid(), &store.uuid()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
