//! Stores whose clocks are wrong, and are set.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storesim::{Faults, FleetConfig, ShopSettings, Storage};

use super::{ids, truth};
use crate::{
    house::House,
    shop::{Poster, import_with_known_secret, pull},
};

const TEN_MINUTES: i64 = 600;

fn clock(house: &House, number: usize, clock_skew_seconds: i64) {
    house.fleet.set_faults(number, Faults { drop_webhooks: 1.0, clock_skew_seconds, ..Faults::default() });
}

#[actix_web::test]
async fn b10_a_store_whose_clock_is_ten_minutes_off_and_is_set_loses_no_change() -> Result<()> {
    let shops =
        [Storage::Posts, Storage::Hpos].map(|storage| ShopSettings { storage: Some(storage), ..Default::default() });
    let fleet = FleetConfig {
        stores: 2,
        orders_per_store: 6,
        products_per_store: 2,
        shops: shops.to_vec(),
        ..FleetConfig::default()
    };
    // Longer from pull to pull than windows overlap: whatever a window leaves out stays out.
    let house = House::with(fleet, |config| {
        config.pull_interval = Duration::from_millis(1_500);
        config.pull_overlap = Duration::ZERO;
        config.hooks_interval = Duration::from_secs(1_000_000);
        config.sweep_interval = Duration::from_secs(1_000_000);
    })
    .await?;
    for number in 1..=2 {
        clock(&house, number, TEN_MINUTES);
        house.import(number).await?;
    }
    for ahead in [0, -TEN_MINUTES, TEN_MINUTES] {
        for number in 1..=2 {
            clock(&house, number, ahead);
        }
        let asked: Vec<usize> = (1..=2).map(|number| house.fleet.calls(number).len()).collect();
        // Sales all along, before and after the pull that finds out.
        house
            .until("two pulls have passed", || async {
                for number in 1..=2 {
                    house.fleet.buy(number, None, 1).context("something is for sale")?;
                }
                tokio::time::sleep(Duration::from_millis(150)).await;
                Ok((1..=2).all(|number| house.fleet.calls(number).len() >= asked[number - 1] + 12))
            })
            .await?;
        house.converges().await?;
    }
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b10_word_from_before_a_clock_was_set_back_never_replaces_what_came_after_it() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 2, products_per_store: 2, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.pull_interval = Duration::from_secs(1_000_000);
        config.sweep_interval = Duration::from_secs(1_000_000);
    })
    .await?;
    let store = import_with_known_secret(&house, 1).await?;
    let order = ids(&truth(&house, "orders")?)[0];
    let mut words = Vec::new();
    for (note, ahead) in [("before", TEN_MINUTES), ("after", 0)] {
        clock(&house, 1, ahead);
        let edit = json!({ "kind": "orders", "ids": [order], "fields": { "customer_note": note } });
        pull(&house, 1, "POST", "edit", edit).await?;
        let told = truth(&house, "orders")?.into_iter().find(|one| one["id"] == order).context("the order")?;
        words.push(serde_json::to_vec(&told)?);
    }
    let poster = Poster::of(&house, 1);
    // The first word was held up on its way.
    for word in words.into_iter().rev() {
        ensure!(poster.post("order.updated", word).await? == 200, "not taken");
        let waiting = "SELECT count(*) FROM inbox WHERE store_id = $1 AND state = 'pending'";
        house.count_is(waiting, &[&store.uuid()], 0).await?;
        let asked = "SELECT count(*) FROM recheck WHERE store_id = $1";
        house.count_is(asked, &[&store.uuid()], 0).await?;
        let noted = "SELECT count(*) FROM orders WHERE store_id = $1 AND customer_note = 'after'";
        ensure!(house.count(noted, &[&store.uuid()]).await? == 1, "the copy went back in time");
    }
    house.converges().await?;
    house.close().await;
    Ok(())
}
