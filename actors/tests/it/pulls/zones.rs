//! Clocks that jump: what was changed around a daylight-saving change, in zones far from Greenwich, arrives by windows of time alone.
//!
//! WooCommerce reads a bound in the site's own zone even when told that it is UTC, and posts are compared with the site's own time. So two
//! hours of the year are dangerous: the one in which the site's clocks change, and the one that is called so in UTC.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storesim::{FleetConfig, ShopSettings, Storage};
use storewire_actors::EngineConfig;

use super::{are_read_up_to, silence};
use crate::{house::House, shop::pull};

/// Two zones that set their clocks, by half an hour away from whole ones and half a world apart.
const CHANGING: [&str; 2] = ["America/St_Johns", "Pacific/Auckland"];

/// Zones that never do, as far from Greenwich as there are, and one between the hours.
const STEADY: [&str; 3] = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"];

/// From one change in the shops to the next.
const STEP: SignedDuration = SignedDuration::from_mins(25);

/// What is checked is that windows meet: they hardly overlap, and nothing else finds what they miss.
fn without_help(config: &mut EngineConfig) {
    config.pull_interval = Duration::from_millis(60);
    config.pull_overlap = Duration::from_secs(2);
    config.hooks_interval = Duration::from_secs(1_000_000);
    config.sweep_interval = Duration::from_secs(1_000_000);
    config.reconcile_interval = Duration::from_secs(1_000_000);
}

/// A small shop for each zone and storage, at this moment.
async fn open(zones: &[&str], now: Timestamp) -> Result<House> {
    let storages = [Storage::Posts, Storage::Hpos];
    let shops = zones.iter().flat_map(|zone| {
        let zone = Some((*zone).to_owned());
        storages.map(|storage| ShopSettings { zone: zone.clone(), storage: Some(storage), ..ShopSettings::default() })
    });
    let shops: Vec<ShopSettings> = shops.collect();
    let fleet = FleetConfig {
        stores: shops.len(),
        orders_per_store: 3,
        products_per_store: 2,
        shops,
        now: Some(now),
        ..FleetConfig::default()
    };
    let house = House::with(fleet, without_help).await?;
    for number in 1..=house.fleet.stores().len() {
        house.import(number).await?;
        silence(&house, number);
    }
    Ok(house)
}

/// At each step of these hours something is sold in every shop, and what was sold a step before is sent. Nothing is touched again later: what
/// a window misses stays missed. Each step is read before the next, so windows begin and end all over these hours.
async fn live_through(house: &House, hours: &[(&str, &str)]) -> Result<()> {
    let shops = house.fleet.stores().len();
    let mut sold: Vec<Option<u64>> = vec![None; shops];
    let mut steps = 0;
    for (from, to) in hours {
        let (mut now, to): (Timestamp, Timestamp) = (from.parse()?, to.parse()?);
        while now < to {
            house.fleet.set_now(now);
            for (number, sold) in (1..=shops).zip(&mut sold) {
                let order = house.fleet.buy(number, None, 1).context("something is for sale")?;
                if let Some(before) = sold.replace(order) {
                    let sent = json!({ "kind": "orders", "ids": [before], "fields": { "status": "completed" } });
                    pull(house, number, "POST", "edit", sent).await?;
                }
            }
            // Their second is over, and so is its reading: the next window begins here.
            let later = now + SignedDuration::from_secs(2);
            house.fleet.set_now(later);
            are_read_up_to(house, later).await?;
            now += STEP;
            steps += 1;
        }
    }
    ensure!(steps > 5, "nothing was lived through");
    house.converges().await?;
    Ok(())
}

#[actix_web::test]
async fn b10_no_change_is_missed_by_windows_of_time_when_clocks_go_forward() -> Result<()> {
    let house = open(&CHANGING, "2026-03-08T01:30:00Z".parse()?).await?;
    let hours = [
        // St. John's: 02:00 does not exist in the night to the 8th; the change itself is at 05:30 UTC.
        ("2026-03-08T01:40:00Z", "2026-03-08T03:30:00Z"),
        ("2026-03-08T05:00:00Z", "2026-03-08T06:10:00Z"),
        // Auckland: the change is at 14:00 UTC of the 26th, and 02:00 to 03:00 of the 27th does not exist.
        ("2026-09-26T13:40:00Z", "2026-09-26T14:50:00Z"),
        ("2026-09-27T01:40:00Z", "2026-09-27T03:30:00Z"),
    ];
    live_through(&house, &hours).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b10_no_change_is_missed_by_windows_of_time_when_clocks_go_back() -> Result<()> {
    let house = open(&CHANGING, "2026-04-04T12:30:00Z".parse()?).await?;
    let hours = [
        // Auckland: 02:00 to 03:00 comes twice on the 5th; the change is at 14:00 UTC of the 4th.
        ("2026-04-04T13:20:00Z", "2026-04-04T15:20:00Z"),
        ("2026-04-05T01:40:00Z", "2026-04-05T03:20:00Z"),
        // St. John's: 01:00 to 02:00 comes twice; the change is at 04:30 UTC.
        ("2026-11-01T00:40:00Z", "2026-11-01T02:20:00Z"),
        ("2026-11-01T03:50:00Z", "2026-11-01T05:40:00Z"),
    ];
    live_through(&house, &hours).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b10_no_change_is_missed_by_windows_of_time_at_the_ends_of_the_world() -> Result<()> {
    let house = open(&STEADY, "2026-12-31T09:20:00Z".parse()?).await?;
    // The new year comes to Kiritimati at 10:00, to Kathmandu at 18:15, and to Pago Pago at 11:00 a day later.
    let hours = [
        ("2026-12-31T09:40:00Z", "2026-12-31T10:50:00Z"),
        ("2026-12-31T17:55:00Z", "2026-12-31T18:40:00Z"),
        ("2027-01-01T10:40:00Z", "2027-01-01T11:50:00Z"),
    ];
    live_through(&house, &hours).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b10_a_merchant_who_moves_the_shop_to_another_zone_loses_no_change() -> Result<()> {
    let house = open(&["America/St_Johns"], "2026-09-25T10:00:00Z".parse()?).await?;
    for number in 1..=2 {
        pull(&house, number, "POST", "settings", json!({ "zone": "Pacific/Auckland" })).await?;
    }
    // Nobody has told us yet.
    live_through(&house, &[("2026-09-25T11:00:00Z", "2026-09-25T16:00:00Z")]).await?;
    // The store says it once a day, and whenever we begin.
    house.stop().await;
    house.start();
    house.count_is("SELECT count(*) FROM store WHERE timezone = 'Pacific/Auckland'", &[], 2).await?;
    let hours = [("2026-09-26T13:40:00Z", "2026-09-26T14:50:00Z"), ("2026-09-27T01:10:00Z", "2026-09-27T04:00:00Z")];
    live_through(&house, &hours).await?;
    house.close().await;
    Ok(())
}
