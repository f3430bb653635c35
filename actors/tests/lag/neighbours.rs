//! What one store's trouble costs the others, measured side by side.
//!
//! Every phase of trouble lies between two healthy ones of the same length, so that a machine that warms up or fills up weighs on both.
//! Two healthy phases that differ tell what this machine's noise is: rounds are added until they agree or time is up, and only
//! then is judged, once.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use storesim::{Faults, FleetConfig};
use storewire_domain::{Clock, StoreId};
use storewire_woo::{Outbound, OutboundConfig};

use crate::{MACHINE, house::House};

/// Shop 1 is the one that gets into trouble.
const SHOPS: usize = 6;
/// A multiple of the healthy shops, so that each sells as often as any other.
const SALES_A_PHASE: usize = 40;
const FEWEST_ROUNDS: usize = 4;
const MOST_ROUNDS: usize = 8;
/// No round begins after this.
const LONGEST: Duration = Duration::from_secs(120);

/// From each sale in a shop to its row in our copy, and from the arrival of its delivery.
#[derive(Default)]
pub struct Lags {
    pub whole_ms: Vec<i64>,
    pub ours_ms: Vec<i64>,
}

impl Lags {
    /// Whether two measurements of the same differ by less than half of what is to be told apart.
    fn agrees_with(&self, other: &Self) -> bool {
        let (one, two) = (percentile(&self.whole_ms, 95), percentile(&other.whole_ms, 95));
        one.abs_diff(two) * 20 <= one.max(two).unsigned_abs()
    }
}

pub fn percentile(values: &[i64], part: usize) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() * part / 100).min(sorted.len() - 1)]
}

/// Sells in every healthy shop in turn, a handful at a time; the next when those have arrived in their shops' copies.
async fn sell(house: &House, stores: &[StoreId], lags: &mut Lags) -> Result<()> {
    let mut sold: HashMap<(StoreId, String), Timestamp> = HashMap::new();
    for number in 0..SALES_A_PHASE {
        let index = number % stores.len();
        let at = Clock::system().now();
        let order = house.fleet.buy(index + 2, None, 1).context("something is for sale")?;
        sold.insert((stores[index], order.to_string()), at);
        if number % 5 == 4 {
            // The shop in trouble has customers too, and its deliveries come to the same door.
            house.fleet.buy(1, None, 1).context("something is for sale")?;
            arrive(house, &mut sold, lags).await?;
        }
    }
    arrive(house, &mut sold, lags).await
}

/// Waits for what was sold, and notes how long it took.
pub async fn arrive(house: &House, sold: &mut HashMap<(StoreId, String), Timestamp>, lags: &mut Lags) -> Result<()> {
    let sql = "SELECT round(extract(epoch FROM change.saved_at) * 1000)::bigint,
            round(extract(epoch FROM change.saved_at - change.received_at) * 1000)::bigint
        FROM change JOIN orders ON orders.tenant_id = change.tenant_id AND orders.id = change.entity_id
        WHERE change.kind = 'order.created' AND orders.store_id = $1 AND orders.remote_id = $2";
    for ((store, order), at) in sold.drain() {
        house
            .until("the sale arrives", || async {
                Ok(!house.admin.query(sql, &[&store.uuid(), &order]).await?.is_empty())
            })
            .await?;
        let row = house.admin.query_one(sql, &[&store.uuid(), &order]).await?;
        lags.whole_ms.push(row.try_get::<_, i64>(0)? - at.as_millisecond());
        lags.ours_ms.push(row.try_get::<_, Option<i64>>(1)?.unwrap_or_default());
    }
    Ok(())
}

async fn recover(house: &House, sick: StoreId) -> Result<()> {
    house.fleet.set_faults(1, Faults::default());
    house.until("it is well", || async { Ok(house.row(sick).await?.state.as_str() == "live") }).await
}

#[actix_web::test]
async fn a_store_that_answers_nothing_or_slowly_hardly_changes_the_lag_of_the_others() -> Result<()> {
    let _alone = MACHINE.lock().await;
    let fleet = FleetConfig { stores: SHOPS, orders_per_store: 8, products_per_store: 12, ..FleetConfig::default() };
    let mut house = House::with(fleet, |_| ()).await?;
    house.stop().await;
    // So that a request which is never answered ends with the phase that it belongs to.
    house.outbound = Outbound::new(OutboundConfig {
        allow_networks: vec!["127.0.0.0/8".parse()?],
        ca_pem: Some(house.fleet.ca_pem().as_bytes().to_vec()),
        total_timeout: Duration::from_secs(3),
        ..OutboundConfig::default()
    })
    .map_err(|error| anyhow::anyhow!("{error}"))?;
    house.start();
    let mut stores = Vec::new();
    for number in 1..=SHOPS {
        stores.push(house.import(number).await?);
    }
    let (sick, others) = (stores[0], &stores[1..]);
    // The first sales of a shop warm it up.
    sell(&house, others, &mut Lags::default()).await?;

    let (mut before, mut beside, mut after) = (Lags::default(), Lags::default(), Lags::default());
    let began = Instant::now();
    for round in 0..MOST_ROUNDS {
        recover(&house, sick).await?;
        sell(&house, others, &mut before).await?;
        let trouble = match round % 2 {
            0 => Faults { freeze: true, ..Faults::default() },
            _ => Faults { slow_ms: 1_500, ..Faults::default() },
        };
        let asked = house.fleet.calls(1).len();
        house.fleet.set_faults(1, trouble);
        house.until("it is asked in its trouble", || async { Ok(house.fleet.calls(1).len() > asked) }).await?;
        sell(&house, others, &mut beside).await?;
        recover(&house, sick).await?;
        sell(&house, others, &mut after).await?;
        let is_enough = round + 1 >= FEWEST_ROUNDS && before.agrees_with(&after);
        if is_enough || began.elapsed() > LONGEST {
            break;
        }
    }
    // On a machine that never agrees with itself, the worse of its healthy halves is what trouble is held against.
    let healthy_p95 = percentile(&before.whole_ms, 95).max(percentile(&after.whole_ms, 95));
    let is_fair = percentile(&beside.whole_ms, 95) * 10 < healthy_p95 * 11;
    let line = |name: &str, lags: &Lags| {
        let of = |values: &[i64]| [50, 95].map(|part| percentile(values, part));
        format!(
            "{name}: {} sales, p50/p95 {:?} ms, of it ours {:?} ms",
            lags.whole_ms.len(),
            of(&lags.whole_ms),
            of(&lags.ours_ms)
        )
    };
    let table = [line("before", &before), line("beside one in trouble", &beside), line("after", &after)].join("; ");
    println!("{table}");
    ensure!(is_fair, "{table}");
    house.close().await;
    Ok(())
}
