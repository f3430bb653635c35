//! The end of a load test: nothing waits any more, and every copy is its shop.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use hyper::Method;
use jiff::Timestamp;
use storewire_oracle::{KINDS, Sim, compare_shop, store_of};
use tokio_postgres::Client;

use crate::chaos::api::Api;

const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A shop that was found unequal is left for so long: who compares takes the machine away from who is to catch up.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
const IS_IDLE: &str =
    "SELECT NOT EXISTS (SELECT FROM inbox WHERE state = 'pending') AND NOT EXISTS (SELECT FROM recheck)";

/// Waits for both; answers how long that took, or nothing after `within`.
///
/// Some changes are told by no webhook: a variation's moves the date of its product. A shop of which only that is missing is read at its
/// next turn, within five minutes; here somebody presses its button instead.
///
/// # Errors
/// If one of the sides does not answer.
pub async fn come(sim: &Sim, admin: &Client, api: &Api, within: Duration) -> Result<Option<Duration>> {
    let began = Instant::now();
    let mut unequal = sim.stores().await?;
    while began.elapsed() < within {
        if !admin.query_one(IS_IDLE, &[]).await?.try_get::<_, bool>(0)? {
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        }
        let mut still = Vec::new();
        for shop in unequal {
            if compare_shop(sim, admin, &shop, &KINDS).await?.is_equal() {
                continue;
            }
            let store = store_of(admin, &shop.home_url).await?.context("a shop that is not connected")?;
            // Refused while its actor starts: then it is asked with the next look.
            let _ = api.call(Method::POST, &format!("/api/v1/stores/{store}/sync"), &[], None).await;
            still.push(shop);
        }
        if still.is_empty() {
            return Ok(Some(began.elapsed()));
        }
        unequal = still;
        tokio::time::sleep(AGAIN_AFTER).await;
    }
    Ok(None)
}

/// How many changes came to light only because a shop was read.
///
/// # Errors
/// If the database does not answer.
pub async fn only_read(admin: &Client, since: Timestamp) -> Result<u64> {
    let sql = "SELECT count(*) FROM change WHERE source IN ('pull', 'sweep', 'reconcile') AND saved_at >= $1";
    Ok(u64::try_from(admin.query_one(sql, &[&since]).await?.try_get::<_, i64>(0)?)?)
}
