//! Partitions made ahead, partitions dropped, sessions and answered keys forgotten.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use tokio_postgres::Client;

use crate::{Db, DbError, idempotency};

/// Days for which partitions exist ahead of time.
const DAYS_AHEAD: i32 = 7;

/// Tables that are partitioned by day.
const PARTITIONED: [&str; 3] = ["inbox", "change", "audit"];

/// What one round of retention did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub made: usize,
    pub dropped: i32,
    pub sessions: u64,
    /// Keys of requests whose answers were kept long enough.
    pub keys: u64,
    /// Rows in default partitions: none, as long as partitions are made ahead. Any is an alarm.
    pub strays: i64,
}

/// One round: partitions for the coming days, those of deliveries older than `keep_days` dropped (never one with a delivery that
/// still waits), sessions that ended and keys that are over forgotten.
///
/// Whoever makes or drops a partition holds its table exclusively until the commit, and writers hold several of these tables at once:
/// so each is a transaction of its own.
///
/// # Errors
/// As every statement; `Unavailable` also if a table was not to be had for 2 s. What was done until then stays.
pub async fn keep(db: &Db, now: Timestamp, keep_days: u32) -> Result<Kept, DbError> {
    let today = day(now);
    let mut kept = Kept::default();
    for table in PARTITIONED {
        for ahead in 0..=DAYS_AHEAD {
            let tx = db.janitor().await?;
            let row = tx.query_one("SELECT partition_ensure($1, $2)", &[&table, &later(today, ahead)]).await?;
            kept.made += usize::from(row.try_get::<_, bool>(0)?);
            tx.commit().await?;
        }
    }
    kept.dropped = drop_old(db, later(today, -i32::try_from(keep_days).unwrap_or(i32::MAX))).await?;
    let tx = db.janitor().await?;
    kept.sessions = tx.execute("DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1", &[&now]).await?;
    let over = idempotency::over(now);
    kept.keys = tx.execute("DELETE FROM idempotency_key WHERE created_at < $1", &[&over]).await?;
    kept.strays = tx.query_one(include_str!("../queries/inbox/strays.sql"), &[]).await?.try_get(0)?;
    tx.commit().await?;
    Ok(kept)
}

/// Drops days of deliveries before `cutoff`, up to the first that still waits.
async fn drop_old(db: &Db, cutoff: Date) -> Result<i32, DbError> {
    let tx = db.janitor().await?;
    let row = tx.query_one(include_str!("../queries/inbox/oldest_pending.sql"), &[]).await?;
    let oldest: Option<Timestamp> = row.try_get(0)?;
    let before = oldest.map_or(cutoff, |oldest| day(oldest).min(cutoff));
    let dropped = tx.query_one("SELECT partition_drop('inbox', $1)", &[&before]).await?.try_get(0)?;
    tx.commit().await?;
    Ok(dropped)
}

/// The first partitions, by the schema's owner, before there is a row.
pub(crate) async fn begin(client: &Client, now: Timestamp) -> Result<(), DbError> {
    let today = day(now);
    for table in PARTITIONED {
        for ahead in 0..=DAYS_AHEAD {
            client.execute("SELECT partition_ensure($1, $2)", &[&table, &later(today, ahead)]).await?;
        }
    }
    Ok(())
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn later(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}
