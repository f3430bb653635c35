//! Products as lists and as a page of their own.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use storewire_domain::{ManageStock, ProductId, RemoteId, StoreId, TenantId, stock::is_low};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    ChangeRow, DbError, ReadTx,
    audit::{self, AuditRow},
    changes,
    columns::Columns,
    scope::Param,
    select::{Select, borrowed},
};

/// The deeds that a product's page tells.
const DEEDS: u32 = 200;

/// Which products a list shows: those without a parent, neither trashed nor deleted.
#[derive(Clone, Debug)]
pub struct ProductFilter {
    pub store: Option<StoreId>,
    /// `instock`, `outofstock` or `onbackorder`.
    pub stock_status: Option<String>,
    /// Part of name, SKU or GTIN; case does not matter.
    pub search: Option<String>,
    /// The last product of the page before: its `sort_name` and id.
    pub after: Option<(String, ProductId)>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for ProductFilter {
    fn default() -> Self {
        Self { store: None, stock_status: None, search: None, after: None, limit: 50 }
    }
}

/// One product or variation in a list.
#[derive(Clone, Debug)]
pub struct ProductSummary {
    pub tenant_id: TenantId,
    pub id: ProductId,
    pub store_id: StoreId,
    pub store_name: String,
    pub currency: String,
    pub remote_id: String,
    /// The variable product it belongs to.
    pub parent_id: Option<ProductId>,
    pub parent_name: Option<String>,
    pub kind: String,
    pub name: String,
    pub sku: String,
    pub status: String,
    pub price: Option<Decimal>,
    pub regular_price: Option<Decimal>,
    pub sale_price: Option<Decimal>,
    pub manage_stock: ManageStock,
    pub stock_quantity: Option<Decimal>,
    pub stock_status: String,
    /// At this count or below people are warned.
    pub level: Option<Decimal>,
    pub variation_count: i64,
    pub image_url: String,
    pub permalink: String,
    pub attributes: BTreeMap<String, String>,
    pub categories: Vec<String>,
    /// The key of lists: the name in lower case.
    pub sort_name: String,
    pub modified_at: Option<Timestamp>,
    pub trashed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub saved_at: Timestamp,
}

impl ProductSummary {
    /// It is at or below its level.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.manage_stock == ManageStock::Yes && is_low(self.level, self.stock_quantity)
    }
}

/// One product with all that belongs to it.
#[derive(Clone, Debug)]
pub struct ProductDetail {
    pub summary: ProductSummary,
    pub variations: Vec<ProductSummary>,
    pub categories: Vec<String>,
    /// The store's own ids of its categories.
    pub category_ids: Vec<RemoteId>,
    /// Newest first, the last 200.
    pub timeline: Vec<ChangeRow>,
    /// What people did to it here, newest first, the last 200.
    pub deeds: Vec<AuditRow>,
    /// The product as the store sent it.
    pub raw: String,
}

/// A page of products by name.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, filter: &ProductFilter) -> Result<Vec<ProductSummary>, DbError> {
    let mut select = within_sight(tx);
    select.filter(
        "product.parent_remote_id IS NULL AND product.trashed_at IS NULL AND product.deleted_at IS NULL AND $",
        true,
    );
    if let Some(store) = filter.store {
        // Its tenant leads the way into the index for who reads across tenants.
        select.filter("product.tenant_id = (SELECT store.tenant_id FROM store WHERE store.id = $)", store.uuid());
        select.filter("product.store_id = $", store.uuid());
    }
    if let Some(stock_status) = &filter.stock_status {
        select.filter("product.stock_status = $", stock_status.clone());
    }
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        select.filter("strpos(product.search_text, $) > 0", search.to_lowercase());
    }
    if let Some((sort_name, id)) = &filter.after {
        select.after("(product.sort_name, product.id) > ($, $)", sort_name.clone(), id.uuid());
    }
    let (sql, params) = select.finish("ORDER BY product.sort_name, product.id", filter.limit);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}

/// The summaries of these products, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As every statement.
pub async fn summaries(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<ProductSummary>, DbError> {
    rows(tx, ids).await?.iter().map(summary).collect()
}

/// One product, if the reader may see it.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn find(tx: &ReadTx, id: ProductId) -> Result<Option<ProductDetail>, DbError> {
    let Some(row) = rows(tx, &[id.uuid()]).await?.into_iter().next() else {
        return Ok(None);
    };
    let product = summary(&row)?;
    let mut select = within_sight(tx);
    select.filter("product.store_id = $", product.store_id.uuid());
    select.filter("product.parent_remote_id = $ AND product.deleted_at IS NULL", product.remote_id.clone());
    let (sql, params) = select.finish("ORDER BY product.sort_name, product.id", 500);
    let (params, key) = (borrowed(&params), [&product.tenant_id.uuid() as Param<'_>, &id.uuid()]);
    let (detail, variations, timeline, deeds) = tokio::join!(
        biased;
        tx.query_one(include_str!("../../queries/product/detail.sql"), &key),
        tx.query(&sql, &params),
        changes::of_entity(tx, product.tenant_id, id.uuid()),
        audit::of_entity(tx, product.tenant_id, id.uuid(), DEEDS),
    );
    Ok(Some(ProductDetail {
        variations: variations?.iter().map(summary).collect::<Result<_, _>>()?,
        categories: product.categories.clone(),
        category_ids: categories(row.try_get("categories")?)?.into_keys().map(RemoteId).collect(),
        timeline: timeline?,
        deeds: deeds?,
        raw: detail?.try_get("raw")?,
        summary: product,
    }))
}

pub(super) fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(concat!(
        include_str!("../../queries/product/columns.sql"),
        include_str!("../../queries/product/list.sql")
    ));
    if let Some(stores) = &tx.stores {
        select.filter("product.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select
}

async fn rows(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<Row>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("product.id = ANY ($)", ids.to_vec());
    let (sql, params) = select.finish_all("ORDER BY product.id");
    tx.query(&sql, &borrowed(&params)).await
}

pub(crate) fn summary(row: &Row) -> Result<ProductSummary, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "product", column };
    let columns = Columns::of(row);
    Ok(ProductSummary {
        tenant_id: TenantId(columns.get("tenant_id")?),
        id: ProductId(columns.get("id")?),
        store_id: StoreId(columns.get("store_id")?),
        store_name: columns.get("store_name")?,
        currency: columns.get("currency")?,
        remote_id: columns.get("remote_id")?,
        kind: columns.get("kind")?,
        name: columns.get("name")?,
        sku: columns.get("sku")?,
        status: columns.get("status")?,
        price: columns.get("price")?,
        regular_price: columns.get("regular_price")?,
        sale_price: columns.get("sale_price")?,
        manage_stock: columns.get::<&str>("manage_stock")?.parse().map_err(|_| inconsistent("manage_stock"))?,
        stock_quantity: columns.get("stock_quantity")?,
        stock_status: columns.get("stock_status")?,
        level: columns.get("level")?,
        variation_count: columns.get("variation_count")?,
        image_url: columns.get("image_url")?,
        permalink: columns.get("permalink")?,
        attributes: serde_json::from_value(columns.get("attributes")?).map_err(|_| inconsistent("attributes"))?,
        categories: categories(columns.get("categories")?)?.into_values().collect(),
        sort_name: columns.get("sort_name")?,
        modified_at: columns.get("remote_modified_at")?,
        trashed_at: columns.get("trashed_at")?,
        deleted_at: columns.get("deleted_at")?,
        saved_at: columns.get("saved_at")?,
        parent_id: columns.get::<Option<Uuid>>("parent_id")?.map(ProductId),
        parent_name: columns.get("parent_name")?,
    })
}

/// The store's ids and names of the categories.
fn categories(column: Value) -> Result<BTreeMap<String, String>, DbError> {
    serde_json::from_value(column).map_err(|_| DbError::Inconsistent { table: "product", column: "categories" })
}
