//! A store with its numbers, as it is listed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use storewire_domain::{AuthScheme, StoreId, StoreState, TenantId};
use tokio_postgres::Row;

use crate::DbError;

/// A store with its numbers.
#[derive(Clone, Debug)]
pub struct StoreRow {
    pub tenant_id: TenantId,
    pub tenant_name: String,
    pub id: StoreId,
    pub name: String,
    pub home_url: String,
    pub rest_root: String,
    pub auth: AuthScheme,
    pub state: StoreState,
    /// A machine word for why, a key of the panel's advice.
    pub state_reason: Option<String>,
    pub timezone: String,
    pub currency: String,
    pub decimals: i32,
    pub woo_version: Option<String>,
    /// Everything modified up to here is in our copy; `None` before the first import ended.
    pub as_of: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub last_error_at: Option<Timestamp>,
    pub last_webhook_at: Option<Timestamp>,
    /// Deliveries received and not applied yet.
    pub inbox_pending: i64,
    pub orders: i64,
    pub products: i64,
    /// Rows read by the first import so far; zero once it ended.
    pub backfill_done: i64,
    /// Rows the store announced for it.
    pub backfill_total: Option<i64>,
    /// When the walk that the first import is at began; with the numbers before it tells when it will end.
    pub backfill_began_at: Option<Timestamp>,
    /// Records that are to be asked of the store again.
    pub rechecks: i64,
    /// Changes on their way to the store.
    pub intents: i64,
    /// What was given up on and waits for a person.
    pub dead_letters: i64,
    /// How old its numbers may be before people are warned.
    pub freshness_goal: Duration,
    /// A person chose to reach it without TLS.
    pub plain_http: bool,
    /// Other addresses under which this very store sends webhooks.
    pub known_sources: Vec<String>,
    pub hooks_checked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl StoreRow {
    /// Whether its numbers are older than its goal allows; a store that nobody reads (paused, never imported) has no goal to miss.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        is_stale(self.state, self.as_of, self.freshness_goal, now)
    }

    /// How long the first import will take yet if it goes on as it went so far; `None` where too little was read to tell.
    #[must_use]
    pub fn import_left(&self, now: Timestamp) -> Option<Duration> {
        let spent = Duration::try_from(now.duration_since(self.backfill_began_at?)).ok()?;
        forecast(self.backfill_done, self.backfill_total?, spent)
    }
}

/// Before this much was read in this long, a forecast is a guess.
const FORECAST_AFTER: (i64, Duration) = (50, Duration::from_secs(5));

fn forecast(done: i64, total: i64, spent: Duration) -> Option<Duration> {
    if done < FORECAST_AFTER.0 || spent < FORECAST_AFTER.1 {
        return None;
    }
    let rest = u64::try_from(total.checked_sub(done)?).ok()?;
    Some(Duration::from_secs(spent.as_secs().checked_mul(rest)? / u64::try_from(done).ok()?))
}

/// While a store is imported for the first time its progress is shown instead.
pub(super) fn is_stale(state: StoreState, as_of: Option<Timestamp>, goal: Duration, now: Timestamp) -> bool {
    let goal = SignedDuration::try_from(goal).unwrap_or(SignedDuration::MAX);
    let has_goal = !matches!(state, StoreState::Paused | StoreState::Importing);
    has_goal && as_of.is_some_and(|as_of| now.duration_since(as_of) > goal)
}

pub(super) fn freshness_goal(row: &Row) -> Result<Duration, DbError> {
    Ok(Duration::from_secs(u64::from(row.try_get::<_, i32>("freshness_goal_s")?.unsigned_abs())))
}

/// Decodes a row of `queries/store/list.sql`.
pub(super) fn store_row(row: &Row) -> Result<StoreRow, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "store", column };
    Ok(StoreRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        tenant_name: row.try_get("tenant_name")?,
        id: StoreId(row.try_get("id")?),
        name: row.try_get("name")?,
        home_url: row.try_get("home_url")?,
        rest_root: row.try_get("rest_root")?,
        auth: row.try_get::<_, String>("auth")?.parse().map_err(|_| inconsistent("auth"))?,
        state: row.try_get::<_, String>("state")?.parse().map_err(|_| inconsistent("state"))?,
        state_reason: row.try_get("state_reason")?,
        timezone: row.try_get("timezone")?,
        currency: row.try_get("currency")?,
        decimals: row.try_get("decimals")?,
        woo_version: row.try_get("woo_version")?,
        as_of: row.try_get("as_of")?,
        last_ok_at: row.try_get("last_ok_at")?,
        last_error: row.try_get("last_error")?,
        last_error_at: row.try_get("last_error_at")?,
        last_webhook_at: row.try_get("last_webhook_at")?,
        inbox_pending: row.try_get("inbox_pending")?,
        orders: row.try_get("orders")?,
        products: row.try_get("products")?,
        backfill_done: row.try_get::<_, Option<i64>>("backfill_done")?.unwrap_or(0),
        backfill_total: row.try_get("backfill_total")?,
        backfill_began_at: row.try_get("backfill_began_at")?,
        rechecks: row.try_get("rechecks")?,
        intents: row.try_get("intents")?,
        dead_letters: row.try_get("dead_letters")?,
        freshness_goal: freshness_goal(row)?,
        plain_http: row.try_get("plain_http")?,
        known_sources: row.try_get("known_sources")?,
        hooks_checked_at: row.try_get("hooks_checked_at")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_an_import_takes_as_long_as_the_pace_so_far_says() {
        let minute = Duration::from_secs(60);
        assert_eq!(forecast(1_000, 4_000, minute), Some(Duration::from_secs(180)));
        assert_eq!(forecast(4_000, 4_000, minute), Some(Duration::ZERO));
    }

    #[test]
    fn too_little_is_no_ground_for_a_forecast() {
        let minute = Duration::from_secs(60);
        assert_eq!(forecast(10, 4_000, minute), None);
        assert_eq!(forecast(1_000, 4_000, Duration::from_secs(1)), None);
        assert_eq!(forecast(5_000, 4_000, minute), None, "more read than was announced");
    }
}
