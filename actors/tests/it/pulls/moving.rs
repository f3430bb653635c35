//! Records that change while they are read, many in one second, or without a date that says so.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig, ShopSettings, Storage};
use storewire_actors::EngineConfig;

use super::{ids, silence, truth};
use crate::{house::House, shop::pull};

const STORAGES: [Storage; 2] = [Storage::Posts, Storage::Hpos];

async fn open(storage: Storage, orders: usize, adjust: impl FnOnce(&mut EngineConfig)) -> Result<House> {
    let fleet = FleetConfig {
        stores: 1,
        orders_per_store: orders,
        products_per_store: 2,
        shops: vec![ShopSettings { storage: Some(storage), ..ShopSettings::default() }],
        ..FleetConfig::default()
    };
    let house = House::with(fleet, |config| {
        config.sweep_interval = Duration::from_secs(1_000_000);
        adjust(config);
    })
    .await?;
    silence(&house, 1);
    Ok(house)
}

#[actix_web::test]
async fn b10_records_that_change_while_their_pages_are_read_all_arrive() -> Result<()> {
    for storage in STORAGES {
        let house = open(storage, 120, |config| config.page_size = 7).await?;
        house.fleet.set_faults(1, Faults { slow_ms: 15, drop_webhooks: 1.0, ..Faults::default() });
        house.fleet.set_rate(60.0);
        let store = house.import(1).await?;
        let asked = house.fleet.calls(1).len();
        house.until("several pulls have passed", || async { Ok(house.fleet.calls(1).len() > asked + 40) }).await?;
        house.fleet.set_rate(0.0);
        house.fleet.quiesce().await;
        ensure!(super::orders(&house, store).await? > 130, "little was sold meanwhile");
        house.converges().await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn b10_more_orders_of_one_second_than_a_page_holds_all_arrive() -> Result<()> {
    for storage in STORAGES {
        let house = open(storage, 40, |config| config.page_size = 6).await?;
        house.import(1).await?;
        for round in 0..4 {
            let note = format!("Round {round}");
            let all = json!({ "kind": "orders", "fields": { "customer_note": note } });
            pull(&house, 1, "POST", "edit", all).await?;
            let noted = "SELECT count(*) FROM orders WHERE customer_note = $1";
            let placed = truth(&house, "orders")?.len();
            house.count_is(noted, &[&note], i64::try_from(placed)?).await?;
        }
        house.converges().await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn b10_a_second_change_in_the_second_of_the_first_arrives() -> Result<()> {
    for storage in STORAGES {
        let house = open(storage, 6, |_| ()).await?;
        let store = house.import(1).await?;
        let order = ids(&truth(&house, "orders")?)[0];
        let moment = house.fleet.now();
        for note in ["first", "second", "third"] {
            // The same second again.
            house.fleet.set_now(moment);
            let edit = json!({ "kind": "orders", "ids": [order], "fields": { "customer_note": note } });
            pull(&house, 1, "POST", "edit", edit).await?;
            let noted = "SELECT count(*) FROM orders WHERE remote_id = $1 AND customer_note = $2";
            house.count_is(noted, &[&order.to_string(), &note], 1).await?;
        }
        let second = "SELECT count(*) FROM orders WHERE store_id = $1 AND remote_modified_at = date_trunc('second', $2::timestamptz)";
        ensure!(house.count(second, &[&store.uuid(), &moment]).await? == 1, "they were not of one second");
        house.converges().await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn b10_a_delivery_that_does_not_move_the_date_is_believed_when_the_store_says_so() -> Result<()> {
    let house = open(Storage::Posts, 6, |config| config.pull_interval = Duration::from_secs(1_000_000)).await?;
    house.import(1).await?;
    let order = ids(&truth(&house, "orders")?)[0];
    house.fleet.set_faults(1, Faults::default());
    let moment = house.fleet.now();
    for note in ["first", "second"] {
        house.fleet.set_now(moment);
        let edit = json!({ "kind": "orders", "ids": [order], "fields": { "customer_note": note } });
        pull(&house, 1, "POST", "edit", edit).await?;
        house.fleet.quiesce().await;
        let noted = "SELECT count(*) FROM orders WHERE remote_id = $1 AND customer_note = $2";
        house.count_is(noted, &[&order.to_string(), &note], 1).await?;
    }
    // The same content in the same second was told twice at most; the other one was asked for.
    let asked = house.fleet.calls(1);
    let path = format!("/wp-json/wc/v3/orders/{order}?");
    asked.iter().find(|call| call.path.starts_with(&path)).context("nobody asked for it")?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b10_a_variation_that_sells_in_the_second_of_another_of_its_family_arrives() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 2, products_per_store: 12, ..FleetConfig::default() };
    let house = House::with(fleet, |config| config.sweep_interval = Duration::from_secs(1_000_000)).await?;
    silence(&house, 1);
    house.import(1).await?;
    house.until("the sweep that follows an import is over", || async { is_swept(&house).await }).await?;
    let (first, second) = siblings(&truth(&house, "products")?).context("two variations that are counted")?;
    let moment = house.fleet.now();
    for sold in [first, second] {
        // The same second again: their parent's date stays where the first sale has put it.
        house.fleet.set_now(moment);
        pull(&house, 1, "POST", "buy", json!({ "product_id": sold, "quantity": 1 })).await?;
        let wanted = stock_of(&truth(&house, "products")?, sold).context("its stock")?;
        let right = "SELECT count(*) FROM product WHERE remote_id = $1 AND stock_quantity = $2::bigint";
        house.count_is(right, &[&sold.to_string(), &wanted], 1).await?;
    }
    house.converges().await?;
    house.close().await;
    Ok(())
}

async fn is_swept(house: &House) -> Result<bool> {
    let open = "SELECT count(*) FROM sweep WHERE purpose = 'sweep' AND closed_at IS NULL";
    let closed = "SELECT count(*) FROM sweep WHERE purpose = 'sweep' AND closed_at IS NOT NULL";
    Ok(house.count(open, &[]).await? == 0 && house.count(closed, &[]).await? > 0)
}

/// Two variations of one product, each with enough stock of its own to sell from.
fn siblings(products: &[Value]) -> Option<(u64, u64)> {
    let counted = |one: &&Value| {
        one["type"] == "variation" && one["manage_stock"] == true && one["stock_quantity"].as_i64() > Some(1)
    };
    let mut own = products.iter().filter(counted);
    own.find_map(|one| {
        let is_sibling = |other: &&Value| other["parent_id"] == one["parent_id"] && other["id"] != one["id"];
        let other = products.iter().filter(counted).find(is_sibling)?;
        Some((one["id"].as_u64()?, other["id"].as_u64()?))
    })
}

fn stock_of(products: &[Value], id: u64) -> Option<i64> {
    products.iter().find(|one| one["id"] == id)?["stock_quantity"].as_i64()
}
