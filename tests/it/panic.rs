//! A panic in one store's actor is that store's affair, and over within a second.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::node::{self, Node, until};

#[tokio::test(flavor = "multi_thread")]
async fn c2_a_panicking_store_actor_is_back_within_a_second_and_its_neighbours_never_noticed() -> Result<()> {
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
    // Both actors are at work: what reached the inbox before them would be found there without a nudge.
    until(Duration::from_secs(30), "both actors have read their stores again", || async {
        let sql = "SELECT count(*) FROM store WHERE last_ok_at > pg_postmaster_start_time()";
        Ok(admin.query_one(sql, &[]).await?.get::<_, i64>(0) == 2)
    })
    .await?;
    let before: i64 = admin.query_one("SELECT count(*) FROM inbox", &[]).await?.get(0);
    sim.buy(1, json!({})).await?;
    sim.buy(2, json!({})).await?;
    let log = || std::fs::read_to_string(node.folder.path().join("log"));
    until(Duration::from_secs(10), "the victim panics", || async { Ok(log()?.contains("store actor panicked")) })
        .await?;
    sim.quiesce().await?;
    until(Duration::from_secs(60), "every delivery is applied", || async {
        let sql = "SELECT count(*) FROM inbox WHERE state = 'pending'";
        Ok(admin.query_one(sql, &[]).await?.get::<_, i64>(0) == 0)
    })
    .await
    .with_context(|| node.tail())?;

    ensure!(log()?.matches("store actor panicked").count() == 1, "more than one panic: {}", node.tail());
    ensure!(log()?.contains(&victim), "the log does not name the store");
    ensure!(!log()?.contains("ended its actor too often"), "a store was parked");
    // From a webhook's arrival to its effect: for the victim the panic and the restart lie in between.
    let sql = "SELECT store_id::text, count(*), extract(epoch FROM max(handled_at - received_at))::float8
               FROM inbox WHERE received_at > pg_postmaster_start_time() GROUP BY store_id";
    let waits = admin.query(sql, &[]).await?;
    ensure!(waits.len() == 2 && before == 0, "not both shops delivered");
    // The neighbour's wait is what this machine needs at this moment; the panic may add a second to it.
    let wait_of =
        |is_meant: &dyn Fn(&str) -> bool| waits.iter().find(|row| is_meant(row.get(0))).map(|row| row.get::<_, f64>(2));
    let (waited, neighbour) = (wait_of(&|id| id == victim), wait_of(&|id| id != victim));
    let (waited, neighbour) = (waited.unwrap_or(f64::MAX), neighbour.unwrap_or_default());
    ensure!(waited < 1.0 + neighbour, "the victim waited {waited} s, its neighbour {neighbour} s: {}", node.tail());
    // It ends with failure, because a part of it crashed; that is for the operator to hear.
    ensure!(node.stop().is_err(), "the crash was forgotten");
    Ok(())
}
