//! A network between the engine and a store that fails in every way, and heals.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storesim::FleetConfig;
use storewire_actors::EngineConfig;
use storewire_domain::StoreId;
use storewire_testkit::{
    FaultProxy,
    fault_proxy::{CutRule, Faults, Place, Way},
};
use storewire_woo::{Outbound, OutboundConfig};

use crate::house::House;

/// The laboratory's deadline of an exchange.
const DEADLINE: Duration = Duration::from_secs(1);
/// From the moment the network is well again; the deadline that an exchange may still be waiting for lies within.
const RECOVERS_WITHIN: Duration = Duration::from_secs(10);

#[actix_web::test]
async fn b15_however_the_network_fails_a_store_is_read_again_within_ten_seconds_of_its_healing() -> Result<()> {
    let shops = FleetConfig { stores: 1, orders_per_store: 30, products_per_store: 6, ..FleetConfig::default() };
    let mut house = House::with(shops, patient).await?;
    house.stop().await;
    house.outbound = Outbound::new(OutboundConfig {
        allow_networks: vec!["127.0.0.0/8".parse()?],
        ca_pem: Some(house.fleet.ca_pem().as_bytes().to_vec()),
        connect_timeout: DEADLINE,
        total_timeout: DEADLINE,
        ..OutboundConfig::default()
    })
    .map_err(|error| anyhow::anyhow!("{error}"))?;
    house.start();
    let proxy = FaultProxy::seeded(house.fleet.addr(), 15).await?;
    house.fleet.sim("POST", "stores/1/settings", &json!({ "authority": proxy.addr().to_string() })).await;
    let store = house.import(1).await?;
    // What is told by webhooks does not pass the proxy: only reading tells.
    house.fleet.set_faults(1, storesim::Faults { drop_webhooks: 1.0, ..storesim::Faults::default() });

    for (what, faults) in troubles() {
        proxy.set(faults);
        let before = house.fleet.buy(1, None, 1).context("something is for sale")?;
        house
            .until(&format!("{what} is noticed"), || async {
                let row = house.row(store).await?;
                Ok(row.last_error.is_some() && row.state.as_str() != "live")
            })
            .await?;
        proxy.set(Faults::default());
        let healed = Instant::now();
        house.until(&format!("it is read again after {what}"), || is_kept(&house, store, before)).await?;
        ensure!(healed.elapsed() < RECOVERS_WITHIN, "{what}: {:?} after it healed", healed.elapsed());
        house
            .until("the store is live again", || async { Ok(house.row(store).await?.state.as_str() == "live") })
            .await?;
    }
    house.converges().await?;
    house.close().await;
    Ok(())
}

/// What a store costs that fails all the time is not the matter here.
fn patient(config: &mut EngineConfig) {
    config.breaker_failures = 2;
    config.request_interval_max = Duration::from_millis(20);
}

fn troubles() -> Vec<(&'static str, Faults)> {
    let cut = |place, way| CutRule { part: 1.0, places: vec![place], ways: vec![way], ..CutRule::default() };
    vec![
        (
            "a reset in the middle of an answer",
            Faults { cut: cut(Place::InAnswer(300..900), Way::Reset), ..Faults::default() },
        ),
        (
            "an end in the middle of an answer",
            Faults { cut: cut(Place::InAnswer(300..900), Way::Close), ..Faults::default() },
        ),
        ("half an end", Faults { cut: cut(Place::AfterRequest, Way::HalfClose), ..Faults::default() }),
        ("a black hole", Faults { black_hole: true, ..Faults::default() }),
        // Also those that are open end, or none would be opened.
        (
            "refused connections",
            Faults { refuse: true, cut: cut(Place::BeforeRequest, Way::Close), ..Faults::default() },
        ),
        ("a line that stalls", Faults { latency: Duration::from_millis(600), ..Faults::default() }),
        ("a line of a few bytes a second", Faults { bandwidth: 200, ..Faults::default() }),
    ]
}

async fn is_kept(house: &House, store: StoreId, order: u64) -> Result<bool> {
    let sql = "SELECT count(*) FROM orders WHERE store_id = $1 AND remote_id = $2";
    Ok(house.count(sql, &[&store.uuid(), &order.to_string()]).await? == 1)
}
