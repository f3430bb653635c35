//! What walks by id find that no date and no delivery tells, and what they do not believe.

mod deletions;
mod disbelief;
mod reconciles;
mod silence;

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;
use storesim::FleetConfig;
use storewire_actors::EngineConfig;
use storewire_domain::{StoreId, UserId};
use storewire_oracle::{KINDS, compare_kinds};

use crate::house::House;

/// Every walk of a run.
const WALKS: i64 = 7;

/// One shop with something of everything, swept all the time. Its deliveries are nobody's affair here.
async fn open(adjust: impl FnOnce(&mut EngineConfig)) -> Result<(House, StoreId)> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 60, products_per_store: 10, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.sweep_interval = Duration::from_millis(700);
        config.reconcile_interval = Duration::from_secs(1_000_000);
        adjust(config);
    })
    .await?;
    let store = house.import(1).await?;
    let first = "SELECT count(*) FROM sweep WHERE store_id = $1 AND purpose = 'sweep' AND closed_at IS NOT NULL";
    house.count_is(first, &[&store.uuid()], WALKS).await?;
    Ok((house, store))
}

/// Waits until a sweep that begins after now has ended, and all that it wondered about was asked.
async fn is_swept(house: &House, store: StoreId) -> Result<()> {
    let now: jiff::Timestamp = house.admin.query_one("SELECT clock_timestamp()", &[]).await?.try_get(0)?;
    let over = "SELECT count(*) FROM sweep
        WHERE store_id = $1 AND purpose = 'sweep' AND started_at >= $2 AND closed_at >= started_at";
    house.count_is(over, &[&store.uuid(), &now], WALKS).await
}

/// Waits until every kind of record is in the copy as it is in the shop, customers and coupons too.
async fn is_whole(house: &House) -> Result<()> {
    house.converges().await?;
    house
        .until("customers and coupons are equal", || async {
            Ok(compare_kinds(&house.sim, &house.admin, &KINDS).await?.is_equal())
        })
        .await
}

/// A shop's records of a kind.
fn truth(house: &House, kind: &str) -> Result<Vec<Value>> {
    let text = house.fleet.truth(1, kind).with_context(|| format!("the shop's {kind}"))?;
    Ok(serde_json::from_str(&text)?)
}

/// The id of the first record that fits.
fn id_of(records: &[Value], fits: impl Fn(&Value) -> bool) -> Result<u64> {
    let found = records.iter().find(|record| fits(record)).context("such a record")?;
    found["id"].as_u64().context("an id")
}

async fn person(house: &House) -> Result<UserId> {
    let tx = house.db.db().auth().await?;
    let id = storewire_db::identity::create_user(&tx, "ada@example.com", "Ada", "no password", None).await?;
    tx.commit().await?;
    Ok(id)
}
