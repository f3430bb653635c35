//! A panic in one store's actor is that store's affair, and over within a second.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use crate::node::{self, Node, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_store_actor_is_back_within_a_second_and_its_neighbours_never_noticed() -> Result<()> {
    let fleet = node::fleet(2).await?;
    let sim = node::sim(&fleet);
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    let shops = fleet.stores();
    for shop in &shops {
        node.connect(shop, "Anatolia Coffee")?;
    }
    node.stores_are("live", 2).await?;
    let admin = node.admin().await?;
    let victim = storewire_oracle::store_of(&admin, &shops[0].home_url).await?.expect("connected").to_string();
    node.stop()?;

    // The first nudge of the victim's inbox panics in the actor's own handler, the second time it does not.
    node.start_with(&[("FAILPOINTS", "store.on_nudge=1*panic"), ("STOREWIRE_FAIL_STORE", &victim)]).await?;
    let admin = node.admin().await?;
    let bought = sim.buy(1, json!({})).await?;
    let neighbour = sim.buy(2, json!({})).await?;
    let started = Instant::now();
    for (store, order) in [(1, &bought), (2, &neighbour)] {
        let id = order["id"].to_string();
        until(Duration::from_secs(10), &format!("order {id} of shop {store} arrives"), || async {
            Ok(admin.query_opt("SELECT 1 FROM orders WHERE remote_id = $1 AND number = $1", &[&id]).await?.is_some())
        })
        .await?;
    }
    let took = started.elapsed();
    let log = std::fs::read_to_string(node.folder.path().join("log"))?;
    ensure!(log.matches("store actor panicked").count() == 1, "not exactly one panic: {}", node.tail());
    ensure!(log.contains(&victim), "the log does not name the store");
    ensure!(took < Duration::from_secs(3), "it took {took:?} for both orders to arrive");
    let restarted = log.lines().filter(|line| line.contains("ended too often")).count();
    ensure!(restarted == 0, "a store was parked");
    node.stop()
}
