//! One first import: a shop is connected, and the test waits until our copy of its orders equals it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde::Serialize;
use storesim::Faults;
use storewire_oracle::{Sim, compare_shop, store_of};
use uuid::Uuid;

use crate::report::{micros_each, per_second};
use crate::rig::Rig;

const READ_WITHIN: Duration = Duration::from_secs(300);
const EQUAL_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LISTING: &str = "/wp-json/wc/v3/orders?";

/// What an import came to.
#[derive(Clone, Debug, Serialize)]
pub struct Import {
    pub orders: u64,
    /// From the shop's first page until the last order was saved.
    pub took_ms: u64,
    pub per_second: u64,
    /// Binary and database, per order, until the store was live.
    pub cpu_us: u64,
    pub cpu_of_database_us: u64,
    /// Pages of orders that the shop was asked for, and calls of any kind.
    pub pages: u64,
    pub calls: u64,
    /// Records that the oracle found to differ; anything but 0 is a fault.
    pub differences: u64,
    #[serde(skip)]
    pub store: Uuid,
}

/// Connects the shop at `place` and waits. `slow` is how long the shop takes for any answer.
pub(super) async fn run(rig: &Rig, place: usize, slow: Duration) -> Result<Import> {
    let index = place + 1;
    rig.without_refunds(place).await?;
    let faults = Faults { slow_ms: u64::try_from(slow.as_millis())?, ..Faults::default() };
    rig.fleet.set_faults(index, faults);
    rig.settle().await?;
    let live = live(rig).await?;
    let (used, begun) = (rig.cpu()?, Instant::now());
    rig.connect_shop(place).await?;
    rig.wait_until_read(live + 1, READ_WITHIN).await?;
    let (used, waited) = (rig.cpu()?.since(&used), begun.elapsed());
    rig.fleet.set_faults(index, Faults::default());

    let sim = Sim::at(rig.fleet.addr());
    let shop = sim.stores().await?.into_iter().nth(place).context("no such shop")?;
    let store = store_of(rig.admin(), &shop.home_url).await?.context("the shop was not connected")?;
    let deadline = Instant::now() + EQUAL_WITHIN;
    let differences = loop {
        let verdict = compare_shop(&sim, rig.admin(), &shop, &["orders"]).await?;
        if verdict.is_equal() || Instant::now() > deadline {
            verdict.differences().iter().take(3).for_each(|line| eprintln!("differs: {line}"));
            break u64::try_from(verdict.differences().len())?;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let calls = rig.fleet.calls(index);
    let pages: Vec<_> = calls.iter().filter(|call| call.path.starts_with(LISTING)).collect();
    let first = pages.first().context("the shop was asked for no orders")?.at_ms;
    // What lies in the trash is read last, after everything else.
    let sql = "SELECT count(*), max(saved_at) FROM orders WHERE store_id = $1 AND trashed_at IS NULL";
    let row = rig.admin().query_one(sql, &[&store]).await?;
    let (orders, last): (i64, Option<Timestamp>) = (row.try_get(0)?, row.try_get(1)?);
    let last = last.context("no order was saved")?.as_millisecond();
    let took = Duration::from_millis(u64::try_from(last - first)?);
    ensure!(took <= waited, "the last order was saved after the store was live");
    let orders = u64::try_from(orders)?;
    Ok(Import {
        orders,
        took_ms: u64::try_from(took.as_millis())?,
        per_second: per_second(orders, took),
        cpu_us: micros_each(used.total(), orders),
        cpu_of_database_us: micros_each(used.database, orders),
        pages: u64::try_from(pages.len())?,
        calls: u64::try_from(calls.len())?,
        differences,
        store,
    })
}

async fn live(rig: &Rig) -> Result<u64> {
    let count: i64 = rig.admin().query_one("SELECT count(*) FROM store WHERE state = 'live'", &[]).await?.try_get(0)?;
    Ok(u64::try_from(count)?)
}
