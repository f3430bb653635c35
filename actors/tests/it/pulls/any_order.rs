//! The lives of real orders, delivered in every order.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use jiff::SignedDuration;
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use storesim::FleetConfig;
use storewire_oracle::compare_kinds;

use super::{silence, truth};
use crate::{
    house::House,
    shop::{self, Poster, import_with_known_secret},
};

/// An order as the shop's deliveries would show it now.
fn snapshot(house: &House, order: u64) -> Result<String> {
    let shown = truth(house, "orders")?.into_iter().find(|shown| shown["id"] == order);
    Ok(shown.context("the order")?.to_string())
}

#[actix_web::test]
async fn a7_deliveries_of_many_lives_in_any_order_end_with_the_shops_own_state() -> Result<()> {
    const LIVES: u64 = 24;
    // Only deliveries tell of anything.
    let fleet = FleetConfig { stores: 1, orders_per_store: 6, products_per_store: 4, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.pull_interval = Duration::from_secs(1_000_000);
        config.sweep_interval = Duration::from_secs(1_000_000);
    })
    .await?;
    import_with_known_secret(&house, 1).await?;
    silence(&house, 1);
    let poster = Poster::of(&house, 1);
    let mut deliveries = Vec::new();
    for life in 0..LIVES {
        let order = house.fleet.buy(1, None, 1).context("something is for sale")?;
        deliveries.push(("order.created", snapshot(&house, order)?));
        for status in ["on-hold", "processing", "completed"] {
            // Some of it within one second, some of it apart.
            if life % 2 == 0 {
                house.fleet.set_now(house.fleet.now() + SignedDuration::from_secs(7));
            }
            let edit = json!({ "kind": "orders", "ids": [order], "fields": { "status": status } });
            shop::pull(&house, 1, "POST", "edit", edit).await?;
            deliveries.push(("order.updated", snapshot(&house, order)?));
        }
        match life % 4 {
            1 => {
                shop::pull(&house, 1, "POST", &format!("orders/{order}/trash"), Value::Null).await?;
                deliveries.push(("order.deleted", json!({ "id": order }).to_string()));
            }
            2 => {
                shop::pull(&house, 1, "DELETE", &format!("orders/{order}"), Value::Null).await?;
                deliveries.push(("order.deleted", json!({ "id": order }).to_string()));
            }
            _ => deliveries.push(deliveries[deliveries.len() - 1].clone()),
        }
    }
    deliveries.shuffle(&mut StdRng::seed_from_u64(7));
    for (topic, body) in deliveries {
        ensure!(poster.post(topic, body).await? == 200, "{topic} was refused");
    }
    house.count_is("SELECT count(*) FROM inbox WHERE state = 'pending'", &[], 0).await?;
    house.count_is("SELECT count(*) FROM recheck", &[], 0).await?;
    let verdict = compare_kinds(&house.sim, &house.admin, &["orders"]).await?;
    ensure!(verdict.is_equal(), "{verdict}");
    house.close().await;
    Ok(())
}
