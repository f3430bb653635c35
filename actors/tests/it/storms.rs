//! One order updated in a loop: one read for many deliveries, a diagnosis, and calm for everybody else.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::FleetConfig;

use crate::{house::House, shop};

const WINDOW: Duration = Duration::from_secs(3);
/// Deliveries of one storm that a test waits for; the simulator sends a handful a second about one record.
const ENOUGH: i64 = 50;

async fn house() -> Result<House> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
    // A pull would read the order too, because its date rises.
    House::with(fleet, |config| {
        config.storm_window = WINDOW;
        config.pull_interval = Duration::from_secs(600);
    })
    .await
}

/// How often the shop was asked for one order alone, whatever the query says beside.
fn reads(house: &House, order: u64) -> usize {
    let path = format!("/wp-json/wc/v3/orders/{order}");
    let is_read = |path_and_query: &str| path_and_query.split('?').next() == Some(&path);
    house.fleet.calls(1).iter().filter(|call| call.method == "GET" && is_read(&call.path)).count()
}

async fn storm(house: &House, order: u64, per_second: u32) -> Result<Value> {
    shop::pull(house, 1, "POST", "storm", json!({ "order_id": order, "per_second": per_second })).await
}

#[actix_web::test]
async fn an_order_that_is_saved_in_a_loop_is_read_once_per_rest_and_people_are_told_why() -> Result<()> {
    let house = house().await?;
    let store = house.import(1).await?;
    let order = house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.converges().await?;
    let before = reads(&house, order);
    let alerts = "SELECT count(*) FROM alert WHERE kind = 'storm' AND ended_at IS NULL";

    storm(&house, order, 40).await?;
    house.count_is(alerts, &[], 1).await?;
    let began = std::time::Instant::now();
    let ignored = "SELECT count(*) FROM inbox WHERE reason = 'storm'";
    house
        .until("many deliveries are answered for", || async { Ok(house.count(ignored, &[]).await? >= ENOUGH) })
        .await?;
    // Others are not held up by it.
    let calm = house.fleet.buy(1, None, 1).context("something is for sale")?;
    let held = "SELECT count(*) FROM orders WHERE remote_id = $1";
    house.count_is(held, &[&calm.to_string()], 1).await?;
    storm(&house, order, 0).await?;
    let lasted = began.elapsed();
    house.fleet.quiesce().await;
    house.converges().await?;

    let most = 2 + usize::try_from(lasted.as_millis() / house.config.storm_rest.as_millis())?;
    let read = reads(&house, order) - before;
    ensure!((1..=most).contains(&read), "{read} reads in {lasted:?}");
    house.until("it is over", || async { Ok(!house.diary(store, "storm_over").await?.is_empty()) }).await?;
    house.count_is(alerts, &[], 0).await?;
    let began = house.diary(store, "storm").await?;
    ensure!(began.len() == 1 && began[0]["remote_id"] == *order.to_string(), "{began:?}");
    let over = house.diary(store, "storm_over").await?;
    ensure!(over.len() == 1 && over[0]["verdict"] == "unchanged", "{over:?}");
    ensure!(over[0]["saves"].as_i64() >= Some(ENOUGH), "{over:?}");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_order_that_truly_changes_in_a_loop_is_told_apart() -> Result<()> {
    let house = house().await?;
    let store = house.import(1).await?;
    let order = house.fleet.buy(1, None, 1).context("something is for sale")?;
    for turn in 0..60 {
        let fields = json!({ "customer_note": format!("turn {turn}") });
        shop::pull(&house, 1, "POST", "edit", json!({ "kind": "orders", "ids": [order], "fields": fields })).await?;
        house.fleet.quiesce().await;
    }
    house.until("it is over", || async { Ok(!house.diary(store, "storm_over").await?.is_empty()) }).await?;
    ensure!(house.diary(store, "storm_over").await?[0]["verdict"] == "changed");
    house.converges().await?;
    house.close().await;
    Ok(())
}
