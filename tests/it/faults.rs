//! Faults 1 to 4 of the list that the product was asked to be proof against, each by its number; 5 to 15 are with the parts that hold them
//! off (`grep -rn 'fn fault_'`).

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::json;
use storesim::Faults;

use crate::{
    connected::Connected,
    node::{self, Node, until},
    person::Person,
};

#[tokio::test(flavor = "multi_thread")]
async fn fault_01_a_pull_alone_fills_a_clean_database() -> Result<()> {
    let fleet = node::fleet(1).await?;
    let mut node = Node::prepare(&fleet)?;
    // No webhook ever arrives: what is saved was pulled.
    fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..Faults::default() });
    node.start().await?;
    node.connect(&fleet.stores()[0], "Anatolia Coffee")?;
    node.stores_are("live", 1).await?;
    fleet.buy(1, None, 1).context("something is for sale")?;
    let admin = node.admin().await?;
    // The order and what it took from the stock are read by two walks.
    let shop = node::sim(&fleet);
    until(Duration::from_secs(30), "the sale was pulled", || async {
        Ok(storewire_oracle::compare(&shop, &admin).await?.is_equal())
    })
    .await
    .with_context(|| node.tail())?;
    let verdict = storewire_oracle::compare(&shop, &admin).await?;
    let orders: i64 = admin.query_one("SELECT count(*) FROM orders", &[]).await?.get(0);
    ensure!(orders == 31, "{orders} orders");
    ensure!(verdict.is_equal() && verdict.acknowledged == 0, "{verdict}");
    node.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_02_every_way_to_sync_reaches_the_same_store_and_a_failure_is_called_one() -> Result<()> {
    let scene = Connected::open(1).await?;
    let (staff, store) = (scene.log_in().await?, scene.store().await?);
    let Connected { mut node, admin, fleet, .. } = scene;
    let read_at = async || anyhow::Ok(admin.query_one("SELECT max(updated_at) FROM checkpoint", &[]).await?.get(0));
    for way in ["api", "panel", "command"] {
        let before: jiff::Timestamp = read_at().await?;
        match way {
            "api" => {
                let path = format!("/api/v1/stores/{store}/sync");
                ensure!(staff.ask(Method::POST, &path, None).await?.status == StatusCode::ACCEPTED);
            }
            "panel" => {
                let answer = staff.submit(&format!("/stores/{store}/sync"), &[]).await?;
                ensure!(answer.status == StatusCode::SEE_OTHER, "{}", answer.text);
            }
            _ => drop(node.run(&["store", "sync", &store, "--as", "admin@example.com"], &[])?),
        }
        until(Duration::from_secs(30), &format!("the store was read, asked by {way}"), || async {
            Ok(read_at().await? > before)
        })
        .await
        .with_context(|| node.tail())?;
    }

    // The shop does not answer: asking is accepted, and the store says what came of it.
    fleet.set_faults(1, Faults { down: true, ..Faults::default() });
    staff.ask(Method::POST, &format!("/api/v1/stores/{store}/sync"), None).await?;
    until(Duration::from_secs(30), "the store admits that it is not well", || async {
        let shown = staff.get(&format!("/api/v1/stores/{store}")).await?;
        Ok(shown["state"] == "degraded" || shown["state"] == "needs_attention")
    })
    .await
    .with_context(|| node.tail())?;
    node.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_03_the_numbers_after_a_sync_are_the_shops_own() -> Result<()> {
    let scene = Connected::open(1).await?;
    let (staff, store) = (scene.log_in().await?, scene.store().await?);
    let Connected { mut node, sim, fleet, .. } = scene;
    for _ in 0..3 {
        fleet.buy(1, None, 1).context("something is for sale")?;
    }
    staff.submit(&format!("/stores/{store}/sync"), &[]).await?;
    let in_shop = sim.records(1, "orders").await?.iter().filter(|order| order["status"] != "checkout-draft").count();
    let products = sim.records(1, "products").await?;
    let parents = products.iter().filter(|product| product["type"] != "variation").count();
    ensure!(in_shop == 33 && (in_shop, parents) != (25, 150), "{in_shop} orders, {parents} products");
    until(Duration::from_secs(30), "the panel's numbers are the shop's", || async {
        let shown = staff.get(&format!("/api/v1/stores/{store}")).await?;
        Ok(shown["orders"] == in_shop && shown["products"] == parents)
    })
    .await
    .with_context(|| node.tail())?;
    node.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_04_the_first_store_is_connected_through_the_panel_by_its_first_admin() -> Result<()> {
    let fleet = node::fleet(1).await?;
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    node.create_user("admin@example.com", "platform-admin", None)?;
    let admin = node.admin().await?;
    // A merchant company to own it, and nothing else in the database.
    node.create_user("owner@example.com", "merchant-admin", Some("Anatolia Coffee"))?;
    let tenant: String = admin.query_one("SELECT id::text FROM tenant", &[]).await?.get(0);
    let staff = Person::log_in(&node, "admin@example.com").await?;
    let shop = &fleet.stores()[0];
    let fields = [
        ("tenant", tenant.as_str()),
        ("url", &shop.home_url),
        ("name", &shop.name),
        ("consumer_key", &shop.consumer_key),
        ("consumer_secret", &shop.consumer_secret),
    ];
    let answer = staff.submit("/stores", &fields).await?;
    ensure!(answer.status == StatusCode::SEE_OTHER, "{}: {}", answer.status, answer.text);
    node.stores_are("live", 1).await?;
    let merchant = Person::log_in(&node, "owner@example.com").await?;
    ensure!(merchant.get("/api/v1/orders").await?["items"] != json!([]), "its owner does not see its orders");
    node.stop()
}
