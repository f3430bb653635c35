//! What can be put into an order: articles that are sold as they are, and variations of the others.

use storewire_domain::StoreId;

use super::read::{ProductSummary, summary, within_sight};
use crate::{DbError, ReadTx, select::borrowed};

/// The products and variations of a store whose name, SKU or article's name holds a text, by name; none for an empty text.
///
/// # Errors
/// As every statement.
pub async fn sold(tx: &ReadTx, store: StoreId, search: &str, limit: u32) -> Result<Vec<ProductSummary>, DbError> {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.of_store("product", store);
    select.filter(SOLD, search);
    let (sql, params) = select.finish("ORDER BY product.sort_name, product.id", limit);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}

const SOLD: &str = "product.kind NOT LIKE 'variable%' AND product.kind NOT IN ('grouped', 'external') \
     AND product.trashed_at IS NULL AND product.deleted_at IS NULL \
     AND strpos(product.search_text || ' ' || coalesce(parent.search_text, ''), $) > 0";
