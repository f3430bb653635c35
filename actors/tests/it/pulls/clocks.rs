//! Stores whose clocks are wrong, and are set.

use std::time::Duration;

use anyhow::{Context as _, Result};
use storesim::{Faults, FleetConfig, ShopSettings, Storage};

use crate::house::House;

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
