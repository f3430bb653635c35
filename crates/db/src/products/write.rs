//! Storing products and variations, many in one go.

use std::collections::HashMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ManageStock, Product, ProductId, RemoteId, StoreId};
use tokio_postgres::types::Json;

use crate::{DbError, Sent, TenantTx, sortable::sortable};

/// What we hold of a product, as far as it decides whether something newer arrived.
#[derive(Clone, Debug)]
pub struct ProductVersion {
    pub id: ProductId,
    pub modified_at: Option<Timestamp>,
    pub content_hash: Vec<u8>,
    /// When our row was last written.
    pub saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub read_at: Option<Timestamp>,
    /// `simple`, `variable`, `variation`, …
    pub kind: String,
    pub has_variations: bool,
    pub status: String,
    pub price: Option<Decimal>,
    pub manage_stock: ManageStock,
    pub stock_quantity: Option<Decimal>,
    pub stock_status: String,
    pub trashed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// A product to store.
#[derive(Debug)]
pub struct ProductWrite<'a> {
    pub id: ProductId,
    pub product: &'a Product,
    pub sent: Sent<'a>,
    pub trashed_at: Option<Timestamp>,
}

/// What we hold of the products with these ids.
///
/// # Errors
/// As every statement.
pub async fn versions(
    tx: &TenantTx,
    store: StoreId,
    remote_ids: &[&RemoteId],
) -> Result<HashMap<RemoteId, ProductVersion>, DbError> {
    if remote_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = remote_ids.iter().map(|id| id.as_str()).collect();
    let rows =
        tx.query(include_str!("../../queries/product/versions.sql"), &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    rows.iter()
        .map(|row| {
            let inconsistent = |_| DbError::Inconsistent { table: "product", column: "manage_stock" };
            let version = ProductVersion {
                id: ProductId(row.try_get("id")?),
                modified_at: row.try_get("remote_modified_at")?,
                content_hash: row.try_get("content_hash")?,
                saved_at: row.try_get("saved_at")?,
                read_at: row.try_get("read_at")?,
                kind: row.try_get("kind")?,
                has_variations: row.try_get("has_variations")?,
                status: row.try_get("status")?,
                price: row.try_get("price")?,
                manage_stock: row.try_get::<_, &str>("manage_stock")?.parse().map_err(inconsistent)?,
                stock_quantity: row.try_get("stock_quantity")?,
                stock_status: row.try_get("stock_status")?,
                trashed_at: row.try_get("trashed_at")?,
                deleted_at: row.try_get("deleted_at")?,
            };
            Ok((RemoteId(row.try_get("remote_id")?), version))
        })
        .collect()
}

/// Inserts or replaces products.
///
/// # Errors
/// As every statement.
pub async fn upsert(tx: &TenantTx, store: StoreId, writes: &[ProductWrite<'_>], now: Timestamp) -> Result<(), DbError> {
    if writes.is_empty() {
        return Ok(());
    }
    macro_rules! column {
        (|$write:ident, $product:ident| $value:expr) => {
            writes
                .iter()
                .map(|$write| {
                    let $product = $write.product;
                    let _ = $product;
                    $value
                })
                .collect::<Vec<_>>()
        };
    }
    tx.execute(
        include_str!("../../queries/product/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &now,
            &column!(|write, _product| write.id.uuid()),
            &column!(|_write, product| product.remote_id.as_str()),
            &column!(|_write, product| product.parent_remote_id.as_ref().map(RemoteId::as_str)),
            &column!(|_write, product| product.kind.as_str()),
            &column!(|_write, product| product.name.as_str()),
            &column!(|_write, product| product.sku.as_str()),
            &column!(|_write, product| product.global_unique_id.as_str()),
            &column!(|_write, product| product.status.as_str()),
            &column!(|_write, product| product.price),
            &column!(|_write, product| product.regular_price),
            &column!(|_write, product| product.sale_price),
            &column!(|_write, product| product.manage_stock.as_str()),
            &column!(|_write, product| product.stock_quantity),
            &column!(|_write, product| product.stock_status.as_str()),
            &column!(|_write, product| product.backorders.as_str()),
            &column!(|_write, product| product.permalink.as_str()),
            &column!(|_write, product| product.image_url.as_str()),
            &column!(|_write, product| Json(&product.attributes)),
            &column!(|_write, product| Json(&product.categories)),
            &column!(|_write, product| Json(&product.variation_ids)),
            &column!(|_write, product| product.created_at),
            &column!(|_write, product| product.modified_at),
            &column!(|write, _product| write.trashed_at),
            &column!(|write, _product| write.sent.content_hash.as_slice()),
            &column!(|_write, product| sortable(&product.name.to_lowercase()).to_owned()),
            &column!(|_write, product| search_text(product)),
            &column!(|write, _product| write.sent.raw),
            &column!(|write, _product| write.sent.read_at),
        ],
    )
    .await?;
    Ok(())
}

/// Moves the modification time of products whose content did not change.
///
/// # Errors
/// As every statement.
pub async fn touch(tx: &TenantTx, moved: &[(ProductId, Timestamp)], now: Timestamp) -> Result<(), DbError> {
    if moved.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = moved.iter().map(|(id, _)| id.uuid()).collect();
    let times: Vec<_> = moved.iter().map(|(_, time)| *time).collect();
    tx.execute(include_str!("../../queries/product/touch.sql"), &[&tx.tenant.uuid(), &ids, &times, &now]).await?;
    Ok(())
}

/// The store's ids of a parent's variations that we hold and that are not gone.
///
/// # Errors
/// As every statement.
pub async fn variations_of(tx: &TenantTx, store: StoreId, parent: &RemoteId) -> Result<Vec<RemoteId>, DbError> {
    let sql = include_str!("../../queries/product/variations_of.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &parent.as_str()]).await?;
    rows.iter().map(|row| Ok(RemoteId(row.try_get(0)?))).collect()
}

/// Marks products as gone in the store.
///
/// # Errors
/// As every statement.
pub async fn delete(tx: &TenantTx, ids: &[ProductId], now: Timestamp) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    tx.execute(include_str!("../../queries/product/delete.sql"), &[&tx.tenant.uuid(), &ids, &now]).await?;
    Ok(())
}

fn search_text(product: &Product) -> String {
    format!("{} {} {}", product.name, product.sku, product.global_unique_id).to_lowercase()
}
