//! The end of a run: all trouble is over, and everything must come to agree.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hyper::Method;
use storewire_oracle::{Finding, KINDS, Sim, SimStore, compare_records, store_of};
use tokio_postgres::Client;
use uuid::Uuid;

use super::api::Api;

const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A compare takes no less.
const FIRST_LOOK_AFTER: Duration = Duration::from_secs(1);
/// A shop that was found unequal is left for so long: who compares takes the machine away from who is to catch up.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
const AT_ONCE: usize = 4;
const TELL_EVERY: Duration = Duration::from_secs(10);

/// What still has to be done, and stores that are not as they should be.
const WAITING: &str = "SELECT
    (SELECT count(*) FROM inbox WHERE state = 'pending') AS deliveries,
    (SELECT count(*) FROM recheck) AS rechecks,
    (SELECT count(*) FROM intent WHERE finished_at IS NULL) AS intents,
    (SELECT count(*) FROM store WHERE state <> 'live') AS stores";

/// The stores of which any of that is true.
const BUSY: &str = "SELECT store_id FROM inbox WHERE state = 'pending'
    UNION SELECT store_id FROM recheck
    UNION SELECT store_id FROM intent WHERE finished_at IS NULL
    UNION SELECT id FROM store WHERE state <> 'live'";

/// A shop that was not seen equal yet.
struct Unequal {
    shop: SimStore,
    store: Uuid,
    /// Somebody has pressed its button.
    is_asked: bool,
    look_at: Instant,
}

impl Unequal {
    /// What is next for it, if nothing of it waits: its button, or a look whether it is equal; none when it is.
    async fn look(self, sim: &Sim, admin: &Client, api: &Api, busy: &HashSet<Uuid>) -> Result<Option<Self>> {
        let now = Instant::now();
        if busy.contains(&self.store) || now < self.look_at {
            return Ok(Some(self));
        }
        if !self.is_asked {
            let is_asked = ask(api, self.store).await;
            return Ok(Some(Self { is_asked, look_at: now + FIRST_LOOK_AFTER, ..self }));
        }
        let findings = compare_records(sim, admin, &self.shop, self.store, &KINDS).await?;
        let is_equal = findings.iter().all(Finding::is_equal);
        Ok((!is_equal).then(|| Self { look_at: Instant::now() + AGAIN_AFTER, ..self }))
    }
}

/// Has people ask for a compare of every store, once what it has told is read, and waits until nothing waits and every shop was seen equal
/// to its copy; answers how long that took, or nothing after `within`. Tells by `say` what is still missing.
///
/// # Errors
/// If one of the sides does not answer.
pub async fn converge(
    sim: &Sim,
    admin: &Client,
    api: &Api,
    began: Instant,
    within: Duration,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Option<Duration>> {
    let mut unequal = Vec::new();
    for shop in sim.stores().await? {
        if let Some(store) = store_of(admin, &shop.home_url).await? {
            unequal.push(Unequal { shop, store, is_asked: false, look_at: began });
        }
    }
    let mut tell_at = began + TELL_EVERY;
    while began.elapsed() < within {
        let busy = busy(admin).await?;
        let looked = stream::iter(unequal.into_iter().map(|one| one.look(sim, admin, api, &busy)));
        let still: Vec<Option<Unequal>> = looked.buffer_unordered(AT_ONCE).try_collect().await?;
        unequal = still.into_iter().flatten().collect();
        if unequal.is_empty() && busy.is_empty() {
            return Ok(Some(began.elapsed()));
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

/// As staff do after an outage: a nightly compare would come by itself, at night.
async fn ask(api: &Api, store: Uuid) -> bool {
    let answer = api.call(Method::POST, &format!("/api/v1/stores/{store}/reconcile"), &[], None).await;
    answer.is_ok_and(|(status, _)| status.is_success())
}

async fn busy(admin: &Client) -> Result<HashSet<Uuid>> {
    admin.query(BUSY, &[]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
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
