//! What is low: raised once when a count reaches its level, ended once when it has left it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ProductId, StoreId};
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// A product at or below its level.
#[derive(Clone, Copy, Debug)]
pub struct NewLow {
    pub product: ProductId,
    pub level: Decimal,
    pub quantity: Decimal,
}

/// Says that products of a store are low, and answers those of which it was not said yet, with what they are called.
///
/// # Errors
/// As every statement.
pub async fn raise_low(
    tx: &TenantTx,
    store: StoreId,
    low: &[NewLow],
    now: Timestamp,
) -> Result<Vec<(ProductId, String)>, DbError> {
    if low.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = low.iter().map(|_| Uuid::now_v7()).collect();
    let products: Vec<Uuid> = low.iter().map(|one| one.product.uuid()).collect();
    let levels: Vec<Decimal> = low.iter().map(|one| one.level).collect();
    let quantities: Vec<Decimal> = low.iter().map(|one| one.quantity).collect();
    let sql = include_str!("../../queries/low_stock/raise.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &now, &ids, &products, &levels, &quantities]).await?;
    let raised = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<Uuid>, _>>()?;
    if raised.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.query(include_str!("../../queries/low_stock/names.sql"), &[&tx.tenant.uuid(), &raised]).await?;
    rows.iter().map(|row| Ok((ProductId(row.try_get("id")?), row.try_get("name")?))).collect()
}

/// Says that products are no longer low, and answers which were.
///
/// # Errors
/// As every statement.
pub async fn end_low(tx: &TenantTx, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductId>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = products.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../../queries/low_stock/end.sql"), &[&tx.tenant.uuid(), &ids, &now]).await?;
    rows.iter().map(|row| Ok(ProductId(row.try_get(0)?))).collect()
}
