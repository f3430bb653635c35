//! The categories that a store's products are in.

use storewire_domain::{RemoteId, StoreId, TenantId};

use crate::{DbError, ReadTx};

/// A store's categories by name: the store's own id and the name. One that holds no product is not known here.
///
/// # Errors
/// As every statement.
pub async fn categories(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Vec<(RemoteId, String)>, DbError> {
    let rows = tx.query(include_str!("../../queries/product/categories.sql"), &[&tenant.uuid(), &store.uuid()]).await?;
    rows.iter().map(|row| Ok((RemoteId(row.try_get("remote_id")?), row.try_get("name")?))).collect()
}
