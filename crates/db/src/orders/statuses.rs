//! The statuses that a store's orders take: WooCommerce's own and whatever its plugins add.

use storewire_domain::{StoreId, TenantId};

use crate::{DbError, ReadTx};

/// The statuses of a store's newest orders and those that it said it takes, each once, without prefix. It is asked when a status is first
/// written to it: until then a plugin's status that no recent order has is not among them.
///
/// # Errors
/// As every statement.
pub async fn statuses(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Vec<String>, DbError> {
    let rows = tx.query(include_str!("../../queries/order/statuses.sql"), &[&tenant.uuid(), &store.uuid()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
