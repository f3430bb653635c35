//! Levels: the count at or below which people are warned of a product.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ManageStock, ProductId, StoreId, UserId};
use uuid::Uuid;

use crate::{DbError, TenantTx, scope::Param};

/// A product with a level, or with one that was taken away.
#[derive(Clone, Copy, Debug)]
pub struct Levelled {
    pub product: ProductId,
    pub level: Option<Decimal>,
    /// It is said to be low already.
    pub is_low: bool,
}

/// A product as far as its level goes.
#[derive(Clone, Debug)]
pub struct Standing {
    pub store: StoreId,
    pub name: String,
    pub manage_stock: ManageStock,
    pub quantity: Option<Decimal>,
}

/// A product's level and its version, which moves with every setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelRow {
    /// `None` if it was taken away.
    pub level: Option<Decimal>,
    pub version: i64,
}

/// Which of these products have a level.
///
/// # Errors
/// As every statement.
pub async fn levels_of(tx: &TenantTx, products: &[ProductId]) -> Result<Vec<Levelled>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = products.iter().map(|id| id.uuid()).collect();
    let sql = include_str!("../../queries/stock_threshold/of_products.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &ids]).await?;
    rows.iter()
        .map(|row| {
            Ok(Levelled {
                product: ProductId(row.try_get("product_id")?),
                level: row.try_get("level")?,
                is_low: row.try_get("is_low")?,
            })
        })
        .collect()
}

/// A product that is neither trashed nor gone, held still until this transaction ends: whoever stores a newer count of it waits, and then
/// finds the level that was set meanwhile.
///
/// # Errors
/// As every statement.
pub async fn standing(tx: &TenantTx, product: ProductId) -> Result<Option<Standing>, DbError> {
    let sql = include_str!("../../queries/stock_threshold/standing.sql");
    let Some(row) = tx.query_opt(sql, &[&tx.tenant.uuid(), &product.uuid()]).await? else { return Ok(None) };
    let inconsistent = |_| DbError::Inconsistent { table: "product", column: "manage_stock" };
    Ok(Some(Standing {
        store: StoreId(row.try_get("store_id")?),
        name: row.try_get("name")?,
        manage_stock: row.try_get::<_, &str>("manage_stock")?.parse().map_err(inconsistent)?,
        quantity: row.try_get("stock_quantity")?,
    }))
}

/// The level of a product, if one was ever set.
///
/// # Errors
/// As every statement.
pub async fn level_of(tx: &TenantTx, product: ProductId) -> Result<Option<LevelRow>, DbError> {
    let sql = include_str!("../../queries/stock_threshold/found.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &product.uuid()]).await?;
    row.map(|row| Ok(LevelRow { level: row.try_get("level")?, version: row.try_get("version")? })).transpose()
}

/// Sets a product's level, or takes it away, and answers its version; `None` if it is not the `version` that was seen, which is `None` for
/// a product that never had a level.
///
/// # Errors
/// As every statement.
pub async fn set_level(
    tx: &TenantTx,
    (store, product): (StoreId, ProductId),
    level: Option<Decimal>,
    version: Option<i64>,
    by: UserId,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let (tenant, product, store, by) = (tx.tenant.uuid(), product.uuid(), store.uuid(), by.uuid());
    let (sql, seen): (_, Param<'_>) = match &version {
        Some(version) => (include_str!("../../queries/stock_threshold/change.sql"), version),
        None => (include_str!("../../queries/stock_threshold/insert.sql"), &store),
    };
    tx.query_opt(sql, &[&tenant, &product, seen, &level, &by, &now]).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}
