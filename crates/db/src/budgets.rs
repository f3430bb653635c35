//! How gently a store is treated at present, as its actor last wrote it down.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use storewire_domain::{StoreId, TenantId};
use tokio_postgres::Row;

use crate::{DbError, ReadTx, TenantTx};

/// Whether requests go out to a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Breaker {
    /// They do.
    #[default]
    Closed,
    /// None does, after too many failures in a row.
    Open,
    /// One small request is to tell whether the store is well again.
    HalfOpen,
}

impl Breaker {
    const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::HalfOpen];

    /// The text that is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// What a store is asked at most, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// From one request to the next.
    pub request_interval: Duration,
    /// A machine word for why, a key of the panel's texts: `steady`, `learning`, `slow_answers`, `throttled`, `overloaded`.
    pub reason: String,
    /// Records asked for per page.
    pub page_size: u32,
    /// How long the store takes to answer lately.
    pub latency: Option<Duration>,
    pub breaker: Breaker,
    /// No request goes out before this.
    pub rests_until: Option<Timestamp>,
    /// It asked for mercy: until then it is not asked more often than at half the pace.
    pub slower_until: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// Requests sent so far, over all times.
    pub requests: i64,
    pub updated_at: Timestamp,
}

/// Writes a store's budget down.
///
/// # Errors
/// As every statement.
pub async fn save(tx: &TenantTx, store: StoreId, budget: &Budget) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/budget/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &millis(budget.request_interval),
            &budget.reason,
            &i32::try_from(budget.page_size).unwrap_or(i32::MAX),
            &budget.latency.map(millis),
            &budget.breaker.as_str(),
            &budget.rests_until,
            &budget.slower_until,
            &i32::try_from(budget.failures).unwrap_or(i32::MAX),
            &budget.requests,
            &budget.updated_at,
        ],
    )
    .await?;
    Ok(())
}

/// Every budget within the reader's scope. A store whose actor never ran has none.
///
/// # Errors
/// As every statement.
pub async fn all(tx: &ReadTx) -> Result<HashMap<StoreId, Budget>, DbError> {
    let rows = tx.query(include_str!("../queries/budget/list.sql"), &[&NOBODY, &NOBODY]).await?;
    let is_in_sight = |id: &StoreId| tx.stores.as_ref().is_none_or(|stores| stores.contains(id));
    let budgets = rows.iter().map(budget).collect::<Result<HashMap<_, _>, _>>()?;
    Ok(budgets.into_iter().filter(|(id, _)| is_in_sight(id)).collect())
}

/// A store's budget.
///
/// # Errors
/// As every statement.
pub async fn of_store(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Option<Budget>, DbError> {
    let sql = include_str!("../queries/budget/list.sql");
    let row = tx.query_opt(sql, &[&Some(tenant.uuid()), &Some(store.uuid())]).await?;
    Ok(row.as_ref().map(budget).transpose()?.map(|(_, budget)| budget))
}

const NOBODY: Option<uuid::Uuid> = None;

fn budget(row: &Row) -> Result<(StoreId, Budget), DbError> {
    let breaker: &str = row.try_get("breaker")?;
    let budget = Budget {
        request_interval: duration(row.try_get("request_interval_ms")?),
        reason: row.try_get("reason")?,
        page_size: row.try_get::<_, i32>("page_size")?.unsigned_abs(),
        latency: row.try_get::<_, Option<i32>>("latency_ms")?.map(duration),
        breaker: Breaker::ALL
            .into_iter()
            .find(|known| known.as_str() == breaker)
            .ok_or(DbError::Inconsistent { table: "store_budget", column: "breaker" })?,
        rests_until: row.try_get("rests_until")?,
        slower_until: row.try_get("slower_until")?,
        failures: row.try_get::<_, i32>("failures")?.unsigned_abs(),
        requests: row.try_get("requests")?,
        updated_at: row.try_get("updated_at")?,
    };
    Ok((StoreId(row.try_get("store_id")?), budget))
}

fn millis(of: Duration) -> i32 {
    i32::try_from(of.as_millis()).unwrap_or(i32::MAX)
}

fn duration(millis: i32) -> Duration {
    Duration::from_millis(u64::from(millis.unsigned_abs()))
}
