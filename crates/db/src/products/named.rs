//! Products by the ids that their store gave them, such as an order's lines name.

use storewire_domain::{RemoteId, StoreId, TenantId};

use super::{
    ProductSummary,
    read::{summary, within_sight},
};
use crate::{DbError, ReadTx, select::borrowed};

/// The products and variations of a store that have these ids there, in no order; ids of none, and those out of the reader's sight, are left
/// out.
///
/// # Errors
/// As every statement.
pub async fn named(
    tx: &ReadTx,
    tenant: TenantId,
    store: StoreId,
    ids: &[&RemoteId],
) -> Result<Vec<ProductSummary>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let mut select = within_sight(tx);
    select.filter("product.tenant_id = $", tenant.uuid()).filter("product.store_id = $", store.uuid());
    select.filter("product.remote_id = ANY ($)", ids);
    let (sql, params) = select.finish_all("ORDER BY product.id");
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}
