//! What is measured of a rehearsal while it runs and when it is over.

use jiff::Timestamp;
use storewire_domain::{
    TenantId,
    rehearsal::{Lag, SLICE_SECONDS, Slice},
};
use tokio_postgres::Row;

use crate::{DbError, ReadTx};

/// What waits in a rehearsal's tenant.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    pub deliveries: i64,
    /// When the oldest delivery that waits was received.
    pub oldest: Option<Timestamp>,
    pub rechecks: i64,
    pub intents: i64,
    /// Twins whose state is another than live.
    pub not_live: i64,
    /// Twins that are treated more gently than a healthy store.
    pub spared: i64,
    /// Walks over everything that were wished for and have not ended.
    pub walks: i64,
}

impl Backlog {
    /// Whether everything that was known of has been done.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.deliveries == 0 && self.rechecks == 0 && self.intents == 0 && self.not_live == 0 && self.walks == 0
    }
}

/// What waits now.
///
/// # Errors
/// As every statement.
pub async fn backlog(tx: &ReadTx, id: TenantId, now: Timestamp) -> Result<Backlog, DbError> {
    let row = tx.query_one(include_str!("../../queries/rehearsal/backlog.sql"), &[&id.uuid(), &now]).await?;
    Ok(Backlog {
        deliveries: row.try_get("deliveries")?,
        oldest: row.try_get("oldest")?,
        rechecks: row.try_get("rechecks")?,
        intents: row.try_get("intents")?,
        not_live: row.try_get("not_live")?,
        spared: row.try_get("spared")?,
        walks: row.try_get("walks")?,
    })
}

/// Lag and changes per slice since `began_at`; slices without a change are left out, and what else is measured is zero.
///
/// # Errors
/// As every statement.
pub async fn measured(tx: &ReadTx, id: TenantId, began_at: Timestamp) -> Result<Vec<Slice>, DbError> {
    let sql = include_str!("../../queries/rehearsal/slices.sql");
    let rows = tx.query(sql, &[&id.uuid(), &began_at, &rust_decimal::Decimal::from(SLICE_SECONDS)]).await?;
    rows.iter()
        .map(|row| {
            let number: i32 = row.try_get("slice")?;
            Ok(Slice {
                at: number.unsigned_abs().saturating_mul(SLICE_SECONDS),
                changes: u32::try_from(row.try_get::<_, i64>("changes")?).unwrap_or(u32::MAX),
                lag_p50: millis(row, "p50")?,
                lag_p99: millis(row, "p99")?,
                ..Slice::default()
            })
        })
        .collect()
}

/// How late webhooks were applied since `began_at`; `None` where none changed anything.
///
/// # Errors
/// As every statement.
pub async fn lag(tx: &ReadTx, id: TenantId, began_at: Timestamp) -> Result<Option<Lag>, DbError> {
    let row = tx.query_one(include_str!("../../queries/rehearsal/lag.sql"), &[&id.uuid(), &began_at]).await?;
    let count = u64::try_from(row.try_get::<_, i64>("changes")?).unwrap_or(0);
    let of = |name: &str| Ok::<_, DbError>(millis(&row, name)?.unwrap_or(0));
    Ok(match count {
        0 => None,
        count => Some(Lag { count, p50: of("p50")?, p95: of("p95")?, p99: of("p99")?, max: of("max")? }),
    })
}

/// What a rehearsal has left behind.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Entries of the change log.
    pub changes: u64,
    /// Deliveries that were brought to an end.
    pub applied: u64,
    pub dead_letters: u32,
}

/// What it has left behind.
///
/// # Errors
/// As every statement.
pub async fn left(tx: &ReadTx, id: TenantId) -> Result<Left, DbError> {
    let row = tx.query_one(include_str!("../../queries/rehearsal/totals.sql"), &[&id.uuid()]).await?;
    let count = |name: &str| Ok::<_, DbError>(u64::try_from(row.try_get::<_, i64>(name)?).unwrap_or(0));
    Ok(Left {
        changes: count("changes")?,
        applied: count("applied")?,
        dead_letters: u32::try_from(count("dead_letters")?).unwrap_or(u32::MAX),
    })
}

/// A clock that was set back between two moments must not make a lag of less than nothing.
fn millis(row: &Row, name: &str) -> Result<Option<u32>, DbError> {
    let millis: Option<i64> = row.try_get(name)?;
    Ok(millis.map(|millis| u32::try_from(millis.max(0)).unwrap_or(u32::MAX)))
}
