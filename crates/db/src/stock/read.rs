//! Stock as people see it: what is counted, at which level people are warned, since when it is low.

use jiff::Timestamp;
use storewire_domain::{ProductId, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ProductSummary, ReadTx,
    decode::known,
    products,
    select::{Finished, Select, borrowed},
};

/// Siblings that one article is shown with.
const SIBLINGS: u32 = 100;

/// Which stock a list shows: products and variations that count their own, neither trashed nor gone.
#[derive(Clone, Debug)]
pub struct StockFilter {
    pub store: Option<StoreId>,
    /// Only what is at or below its level.
    pub is_low: bool,
    /// Part of name, SKU or GTIN; case does not matter.
    pub search: Option<String>,
    /// The last row of the page before.
    pub after: Option<StockKey>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for StockFilter {
    fn default() -> Self {
        Self { store: None, is_low: false, search: None, after: None, limit: 50 }
    }
}

/// A row's place in lists: those of one article follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockKey {
    /// The name of the product, or of the variable product that a variation belongs to, in lower case.
    pub article_name: String,
    pub article: ProductId,
    /// The row's own name in lower case.
    pub name: String,
    pub id: ProductId,
}

/// A product or a variation with its stock.
#[derive(Clone, Debug)]
pub struct StockRow {
    pub product: ProductSummary,
    /// Of its level; `None` if there never was one.
    pub level_version: Option<i64>,
    pub low_since: Option<Timestamp>,
    pub key: StockKey,
}

/// A page of stock, by the names of articles.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn list(tx: &ReadTx, filter: &StockFilter) -> Result<Vec<StockRow>, DbError> {
    let base = if filter.is_low { SOME } else { LIST };
    let mut select = within_sight(tx, base);
    select.filter("product.manage_stock = $", "yes");
    if filter.is_low {
        select.filter(
            "(product.tenant_id, product.id) IN (SELECT low.tenant_id, low.product_id FROM low_stock AS low WHERE low.ended_at IS NULL) \
             AND product.trashed_at IS NULL AND article.trashed_at IS NULL AND article.deleted_at IS NULL AND $",
            true,
        );
    }
    if let Some(store) = filter.store {
        // Its tenant leads the way into the index for who reads across tenants.
        select.filter("article.tenant_id = (SELECT store.tenant_id FROM store WHERE store.id = $)", store.uuid());
        select.filter("article.store_id = $", store.uuid());
    }
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        select.filter("strpos(product.search_text, $) > 0", search.to_lowercase());
    }
    if let Some(StockKey { article_name, article, name, id }) = &filter.after {
        select.after("(article.sort_name, article.id) >= ($, $)", article_name.clone(), article.uuid());
        select.filter(
            "(article.sort_name, article.id, product.sort_name, product.id) > \
             (($::text[])[1], (($::text[])[2])::uuid, ($::text[])[3], (($::text[])[4])::uuid)",
            vec![article_name.clone(), article.to_string(), name.clone(), id.to_string()],
        );
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// The stock of one product or variation that is not gone, whether or not it is counted, if the reader may see it.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: ProductId) -> Result<Option<StockRow>, DbError> {
    let mut select = within_sight(tx, SOME);
    select.filter("product.id = $", id.uuid());
    Ok(rows(tx, select.finish_all(ORDER)).await?.pop())
}

/// What else of this tenant has the SKU of `of`, in whichever of its stores the reader sees: the same article, as far as can be told.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn siblings(tx: &ReadTx, tenant: TenantId, sku: &str, of: ProductId) -> Result<Vec<StockRow>, DbError> {
    if sku.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx, SOME);
    select.filter("product.tenant_id = $", tenant.uuid());
    select.filter("product.sku <> '' AND product.sku = $", sku.to_owned());
    select.filter("product.trashed_at IS NULL AND product.id <> $", of.uuid());
    rows(tx, select.finish(ORDER, SIBLINGS)).await
}

/// A statement of the same columns, whichever way it comes to its rows.
macro_rules! stock_from {
    ($rows:literal) => {
        concat!(
            include_str!("../../queries/product/columns.sql"),
            include_str!("../../queries/stock/columns.sql"),
            include_str!($rows)
        )
    };
}

const LIST: &str = stock_from!("../../queries/stock/list.sql");
const SOME: &str = stock_from!("../../queries/stock/some.sql");
const ORDER: &str = "ORDER BY article.sort_name, article.id, product.sort_name, product.id";

fn within_sight(tx: &ReadTx, base: &'static str) -> Select {
    let mut select = Select::new(base);
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("article.store_id = ANY ($)", stores);
    }
    select
}

async fn rows(tx: &ReadTx, (sql, params): Finished) -> Result<Vec<StockRow>, DbError> {
    known(&tx.query(&sql, &borrowed(&params)).await?, stock)
}

fn stock(row: &Row) -> Result<StockRow, DbError> {
    let product = products::summary(row)?;
    let article: Uuid = row.try_get("article_id")?;
    Ok(StockRow {
        level_version: row.try_get("level_version")?,
        low_since: row.try_get("low_since")?,
        key: StockKey {
            article_name: row.try_get("article_name")?,
            article: ProductId(article),
            name: product.sort_name.clone(),
            id: product.id,
        },
        product,
    })
}
