//! The end of a run: all trouble is over, and everything must come to agree.

use std::time::{Duration, Instant};

use anyhow::Result;
use storewire_oracle::{KINDS, Sim, compare_shop};
use tokio_postgres::Client;

const LOOK_EVERY: Duration = Duration::from_millis(250);
const TELL_EVERY: Duration = Duration::from_secs(10);

/// What still has to be done, and stores that are not as they should be.
const WAITING: &str = "SELECT
    (SELECT count(*) FROM inbox WHERE state = 'pending') AS deliveries,
    (SELECT count(*) FROM recheck) AS rechecks,
    (SELECT count(*) FROM intent WHERE finished_at IS NULL) AS intents,
    (SELECT count(*) FROM store WHERE state <> 'live') AS stores";

/// Waits until nothing waits and every shop equals its copy; answers how long that took, or nothing after `within`. Tells by `say` what is
/// still missing.
///
/// # Errors
/// If one of the sides does not answer.
pub async fn converge(
    sim: &Sim,
    admin: &Client,
    began: Instant,
    within: Duration,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Option<Duration>> {
    let mut unequal = sim.stores().await?;
    let mut tell_at = began + TELL_EVERY;
    while began.elapsed() < within {
        if is_idle(admin).await? {
            let mut still = Vec::new();
            for shop in unequal {
                if !compare_shop(sim, admin, &shop, &KINDS).await?.is_equal() {
                    still.push(shop);
                }
            }
            if still.is_empty() {
                return Ok(Some(began.elapsed()));
            }
            unequal = still;
        }
        if Instant::now() >= tell_at {
            let (seconds, shops) = (began.elapsed().as_secs(), unequal.len());
            say(&format!("after {seconds} s: shops not seen equal {shops}, {}", waiting(admin).await?));
            tell_at = Instant::now() + TELL_EVERY;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(None)
}

/// What keeps a run from having converged, in words.
///
/// # Errors
/// If the database does not answer.
pub async fn waiting(admin: &Client) -> Result<String> {
    let row = admin.query_one(WAITING, &[]).await?;
    let count = |name: &str| row.try_get::<_, i64>(name);
    let mut told = format!(
        "deliveries {}, rechecks {}, intents {}, stores not live {}",
        count("deliveries")?,
        count("rechecks")?,
        count("intents")?,
        count("stores")?
    );
    let sql =
        "SELECT name, state, coalesce(state_reason, ''), coalesce(last_error, '') FROM store WHERE state <> 'live'
        LIMIT 5";
    for row in admin.query(sql, &[]).await? {
        let text = |index: usize| row.try_get::<_, String>(index);
        told.push_str(&format!("\n    {}: {} {} {}", text(0)?, text(1)?, text(2)?, text(3)?));
    }
    Ok(told)
}

async fn is_idle(admin: &Client) -> Result<bool> {
    let row = admin.query_one(WAITING, &[]).await?;
    for index in 0..row.len() {
        if row.try_get::<_, i64>(index)? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
