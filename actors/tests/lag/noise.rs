//! A store that delivers a hundred times as much as its neighbours, and what that costs them.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::FleetConfig;
use storewire_domain::{Clock, StoreId};

use crate::{
    MACHINE,
    house::House,
    neighbours::{Lags, arrive, percentile},
    shop::{self, Poster},
};

/// Shop 1 is the noisy one.
const SHOPS: usize = 6;
/// How much more it delivers than each of the others.
const SKEW: u32 = 100;
/// A multiple of the quiet shops, so that each sells as often as any other.
const SALES_A_PHASE: usize = 20;
/// From one sale of the quiet ones to the next.
const BETWEEN_SALES: Duration = Duration::from_millis(200);
const MOST_ROUNDS: u64 = 6;

/// Posts genuine orders of the noisy shop, with ids of their own, at an even pace until it is told to end; how many.
async fn shout(house: &House, pace: Duration, first: u64, end: &AtomicBool) -> Result<u64> {
    let poster = Poster::of(house, 1);
    let orders: Vec<Value> = serde_json::from_str(&house.fleet.truth(1, "orders").context("orders")?)?;
    let mut order = orders.into_iter().find(|order| order["status"] != "trash").context("an order")?;
    let mut ticks = tokio::time::interval(pace);
    let mut posted = 0;
    while !end.load(Ordering::Relaxed) {
        ticks.tick().await;
        order["id"] = json!(first + posted);
        ensure!(poster.post("order.created", order.to_string()).await? == 200, "a delivery was refused");
        posted += 1;
    }
    Ok(posted)
}

/// Sells in every quiet shop in turn, at an even pace.
async fn sell(house: &House, stores: &[StoreId], lags: &mut Lags) -> Result<()> {
    let mut sold = HashMap::new();
    let mut ticks = tokio::time::interval(BETWEEN_SALES);
    for number in 0..SALES_A_PHASE {
        ticks.tick().await;
        let index = number % stores.len();
        let at = Clock::system().now();
        let order = house.fleet.buy(index + 2, None, 1).context("something is for sale")?;
        sold.insert((stores[index], order.to_string()), at);
    }
    arrive(house, &mut sold, lags).await
}

#[actix_web::test]
async fn c3_a_store_with_a_hundred_times_the_traffic_does_not_double_the_lag_of_the_others() -> Result<()> {
    let _alone = MACHINE.lock().await;
    let fleet = FleetConfig { stores: SHOPS, orders_per_store: 8, products_per_store: 12, ..FleetConfig::default() };
    let house = House::with(fleet, |_| ()).await?;
    let noisy = shop::import_with_known_secret(&house, 1).await?;
    let mut others = Vec::new();
    for number in 2..=SHOPS {
        others.push(house.import(number).await?);
    }
    // The first sales of a shop warm it up.
    sell(&house, &others, &mut Lags::default()).await?;

    let pace = BETWEEN_SALES * u32::try_from(others.len())? / SKEW;
    let (mut alone, mut beside) = (Lags::default(), Lags::default());
    let mut posted = 0;
    let mut is_fair = false;
    for round in 1..=MOST_ROUNDS {
        sell(&house, &others, &mut alone).await?;
        let is_over = AtomicBool::new(false);
        let selling = async {
            let sold = sell(&house, &others, &mut beside).await;
            is_over.store(true, Ordering::Relaxed);
            sold
        };
        let (sold, shouted) = tokio::join!(selling, shout(&house, pace, round * 1_000_000, &is_over));
        sold?;
        posted += shouted?;
        is_fair = percentile(&beside.whole_ms, 95) < percentile(&alone.whole_ms, 95) * 2;
        // A machine that is busy with something else may need more sales to tell.
        if is_fair {
            break;
        }
    }
    let told = |lags: &Lags| [&lags.whole_ms, &lags.ours_ms].map(|ms| [50, 95].map(|part| percentile(ms, part)));
    let table = format!(
        "p50/p95 in ms, whole and ours: {:?} alone, {:?} beside {posted} deliveries of one store",
        told(&alone),
        told(&beside)
    );
    println!("{table}");
    ensure!(is_fair, "{table}");
    // It was as loud as it was meant to be, and everything that it said was heard.
    let wanted = u64::from(SKEW) * u64::try_from(beside.whole_ms.len() / others.len())? * 3 / 4;
    ensure!(posted >= wanted, "only {posted} deliveries of {wanted}");
    let heard = "SELECT count(*) FROM orders WHERE store_id = $1 AND length(remote_id) = 7";
    house.count_is(heard, &[&noisy.uuid()], i64::try_from(posted)?).await?;
    house.close().await;
    Ok(())
}
