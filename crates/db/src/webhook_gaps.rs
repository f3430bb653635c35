//! Times in which webhooks did not come, and what reading made up for.
//!
//! A gap is open from the look that found webhooks out of order until everything that was modified before they were mended has been
//! read; then what came to light by reading is counted from the change log. A store has one open gap at most.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// A time in which webhooks did not come.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    pub id: Uuid,
    /// From here on nothing can be relied on.
    pub since: Timestamp,
    pub found_at: Timestamp,
    /// When the webhooks were in order again.
    pub mended_at: Option<Timestamp>,
    /// Per cause the topics: `{"disabled": ["order.updated"]}`.
    pub found: Value,
    /// When all that was modified before it was mended had been read.
    pub closed_at: Option<Timestamp>,
    /// What came to light by reading, once closed.
    pub recovered: Option<Recovered>,
}

/// Records that came to light by reading, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    pub orders: i64,
    pub products: i64,
    pub customers: i64,
    pub coupons: i64,
}

impl Recovered {
    /// As it is kept, and as the diary tells it.
    #[must_use]
    pub fn to_detail(self) -> Value {
        serde_json::json!({
            "orders": self.orders, "products": self.products, "customers": self.customers, "coupons": self.coupons,
        })
    }

    fn from_detail(detail: &Value) -> Self {
        let count = |name: &str| detail.get(name).and_then(Value::as_i64).unwrap_or(0);
        Self {
            orders: count("orders"),
            products: count("products"),
            customers: count("customers"),
            coupons: count("coupons"),
        }
    }
}

/// Opens a gap, or adds to the one that is open: the earlier beginning, the later look, and all causes stay.
///
/// # Errors
/// As every statement.
pub async fn open(
    tx: &TenantTx,
    store: StoreId,
    since: Timestamp,
    found: &Value,
    now: Timestamp,
) -> Result<(), DbError> {
    let (tenant, store) = (tx.tenant.uuid(), store.uuid());
    let extended =
        tx.execute(include_str!("../queries/webhook_gap/extend.sql"), &[&tenant, &store, &since, found, &now]).await?;
    if extended == 0 {
        let sql = include_str!("../queries/webhook_gap/insert.sql");
        tx.execute(sql, &[&tenant, &store, &Uuid::now_v7(), &since, &now, found]).await?;
    }
    Ok(())
}

/// The store's open gap.
///
/// # Errors
/// As every statement.
pub async fn open_of(tx: &TenantTx, store: StoreId) -> Result<Option<Gap>, DbError> {
    let sql = include_str!("../queries/webhook_gap/open.sql");
    tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid()]).await?.map(|row| gap(&row)).transpose()
}

/// Whether this cause was found in a gap that was mended at or after `since`.
///
/// # Errors
/// As every statement.
pub async fn was_found(tx: &TenantTx, store: StoreId, cause: &str, since: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/webhook_gap/was_found.sql");
    Ok(tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &cause, &since]).await?.is_some())
}

/// Says that the webhooks are in order again.
///
/// # Errors
/// As every statement.
pub async fn mend(tx: &TenantTx, store: StoreId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/webhook_gap/mend.sql"), &[&tx.tenant.uuid(), &store.uuid(), &now]).await?;
    Ok(())
}

/// Counts what came to light by reading since a gap began.
///
/// # Errors
/// As every statement.
pub async fn recovered(tx: &TenantTx, store: StoreId, since: Timestamp) -> Result<Recovered, DbError> {
    let sql = include_str!("../queries/webhook_gap/recovered.sql");
    let row = tx.query_one(sql, &[&tx.tenant.uuid(), &store.uuid(), &since]).await?;
    Ok(Recovered {
        orders: row.try_get("orders")?,
        products: row.try_get("products")?,
        customers: row.try_get("customers")?,
        coupons: row.try_get("coupons")?,
    })
}

/// Closes a gap.
///
/// # Errors
/// As every statement.
pub async fn close(
    tx: &TenantTx,
    store: StoreId,
    id: Uuid,
    recovered: Recovered,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/webhook_gap/close.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &id, &recovered.to_detail(), &now]).await?;
    Ok(())
}

/// A store's gaps, newest first.
///
/// # Errors
/// As every statement.
pub async fn of_store(tx: &ReadTx, tenant: TenantId, store: StoreId, limit: u32) -> Result<Vec<Gap>, DbError> {
    let sql = include_str!("../queries/webhook_gap/list.sql");
    let rows = tx.query(sql, &[&tenant.uuid(), &store.uuid(), &i64::from(limit)]).await?;
    rows.iter().map(gap).collect()
}

fn gap(row: &Row) -> Result<Gap, DbError> {
    let recovered: Option<Value> = row.try_get("recovered")?;
    Ok(Gap {
        id: row.try_get("id")?,
        since: row.try_get("since")?,
        found_at: row.try_get("found_at")?,
        mended_at: row.try_get("mended_at")?,
        found: row.try_get("found")?,
        closed_at: row.try_get("closed_at")?,
        recovered: recovered.as_ref().map(Recovered::from_detail),
    })
}
