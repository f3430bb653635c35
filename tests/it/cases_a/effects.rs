//! One effect for one fact, however often and in whatever order it is told.

use anyhow::{Context as _, Result, ensure};
use jiff::ToSpan as _;
use serde_json::json;
use storesim::Faults;
use tokio::task::JoinSet;

use super::Intake;
use crate::node;

const CHANGES_OF: &str =
    "SELECT count(*) FROM change JOIN orders ON (orders.tenant_id, orders.id) = (change.tenant_id, change.entity_id)
    WHERE orders.remote_id = $1";

const TOLD: &str = "SELECT count(*) FROM change WHERE kind LIKE 'order.%' OR kind LIKE 'product.%'";

/// The copy's row with every column.
const PRINT: &str = "SELECT (SELECT md5(o::text) FROM orders o WHERE remote_id = $1) ||
    (SELECT md5(string_agg(l::text, '|' ORDER BY l::text)) FROM order_line l JOIN orders o
        ON (o.tenant_id, o.id) = (l.tenant_id, l.order_id) WHERE o.remote_id = $1)";

#[tokio::test(flavor = "multi_thread")]
async fn a5_a_delivery_that_comes_a_hundred_times_twenty_at_once_has_one_effect() -> Result<()> {
    let mut intake = Intake::open(1, &[]).await?;
    let order = intake.buy()?;
    let body = intake.record("orders", order).await?.to_string();
    let mut senders = JoinSet::new();
    for _ in 0..20 {
        let (post, port) = (intake.delivery("order.created", body.as_bytes()), intake.node.port);
        senders.spawn(async move {
            for _ in 0..5 {
                ensure!(post.send(port).await? == 200);
            }
            Ok(())
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    intake.applied().await?;
    let kept = "SELECT count(*) FROM inbox WHERE body_sha256 = sha256($1)";
    ensure!(intake.count(kept, &[&body.as_bytes()]).await? == 100, "a delivery that was taken is not there");
    let id = order.to_string();
    ensure!(intake.count("SELECT count(*) FROM orders WHERE remote_id = $1", &[&id]).await? == 1);
    ensure!(intake.count(CHANGES_OF, &[&id]).await? == 1, "people were told more than once");
    ensure!(intake.count("SELECT count(*) FROM dead_letter", &[]).await? == 0);
    intake.orders_are_equal().await?;

    // Once more, much later: whoever remembered the first hundred is gone.
    intake.node.stop()?;
    intake.node.start().await?;
    intake.admin = intake.node.admin().await?;
    intake.admin.execute("DELETE FROM inbox", &[]).await?;
    intake.post("order.created", body.as_bytes()).await?;
    intake.applied().await?;
    ensure!(intake.verdicts(body.as_bytes()).await? == [("ignored".to_owned(), Some("same".to_owned()))]);
    ensure!(intake.count(CHANGES_OF, &[&id]).await? == 1, "people were told again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_valid_delivery_of_a_month_ago_changes_nothing() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    let (order, gone) = (intake.buy()?, intake.product().await?);
    let old_order = intake.record("orders", order).await?.to_string();
    let old_product = intake.record("products", gone).await?.to_string();
    intake.post("order.created", old_order.as_bytes()).await?;
    intake.post("product.updated", old_product.as_bytes()).await?;
    intake.applied().await?;

    intake.fleet.set_now(intake.fleet.now().checked_add(720.hours())?);
    intake.edit("orders", order, json!({ "customer_note": "leave it at the door" })).await?;
    node::sim(&intake.fleet).post(&format!("/_sim/stores/1/products/{gone}/trash"), json!({})).await?;
    intake.post("order.updated", intake.record("orders", order).await?.to_string().as_bytes()).await?;
    intake.post("product.deleted", format!(r#"{{"id":{gone}}}"#).as_bytes()).await?;
    intake.applied().await?;
    intake.orders_are_equal().await?;
    // Received deliveries are kept for a week.
    intake.admin.execute("DELETE FROM inbox", &[]).await?;

    let id = order.to_string();
    let print = intake.admin.query_one(PRINT, &[&id]).await?.get::<_, Option<String>>(0);
    let told = intake.count(TOLD, &[]).await?;
    for topic in ["order.created", "order.updated", "order.restored"] {
        intake.post(topic, old_order.as_bytes()).await?;
    }
    intake.post("product.updated", old_product.as_bytes()).await?;
    intake.applied().await?;
    let verdicts = intake.verdicts(old_order.as_bytes()).await?;
    ensure!(verdicts.iter().all(|one| *one == ("ignored".to_owned(), Some("older".to_owned()))), "{verdicts:?}");
    ensure!(verdicts.len() == 3 && print.is_some());
    ensure!(
        intake.admin.query_one(PRINT, &[&id]).await?.get::<_, Option<String>>(0) == print,
        "an old state came back"
    );
    ensure!(intake.count(TOLD, &[]).await? == told, "people were told of old news");
    intake.orders_are_equal().await
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_09_duplicates_are_applied_once_and_an_old_payload_overwrites_nothing() -> Result<()> {
    let intake = Intake::open(1, &[("STORM_LIMIT", "1000")]).await?;
    let order = intake.buy()?;
    let mut versions = vec![intake.record("orders", order).await?.to_string()];
    for note in ["one", "two", "three"] {
        intake.fleet.set_now(intake.fleet.now().checked_add(2.minutes())?);
        intake.edit("orders", order, json!({ "customer_note": note })).await?;
        versions.push(intake.record("orders", order).await?.to_string());
    }
    let id = order.to_string();
    let note = "SELECT count(*) FROM orders WHERE remote_id = $1 AND customer_note = 'three'";
    // The newest first, then everything of before, twice.
    for version in versions.iter().rev().chain(&versions).chain(versions.iter().rev()) {
        intake.post("order.updated", version.as_bytes()).await?;
        intake.applied().await?;
        ensure!(intake.count(note, &[&id]).await? == 1, "an old payload overwrote a newer row");
    }
    ensure!(intake.count(CHANGES_OF, &[&id]).await? == 1, "applied more than once");
    intake.orders_are_equal().await
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_10_hundreds_of_deliveries_a_minute_are_all_applied_also_after_crashes_and_a_delete_deletes() -> Result<()>
{
    let mut intake = Intake::open(3, &[("RESTART_BASE", "20ms")]).await?;
    intake.node.stop()?;
    // Three times, whatever was being applied ends with its actor.
    intake.node.start_with(&[("FAILPOINTS", "store.before_write=3*panic"), ("RUST_BACKTRACE", "0")]).await?;
    intake.admin = intake.node.admin().await?;
    let began = std::time::Instant::now();
    for shop in 1..=3 {
        intake.fleet.set_faults(usize::try_from(shop)?, Faults::default());
        for kind in ["orders", "products", "customers"] {
            // WooCommerce tells nobody of what is edited in the trash.
            let all = node::sim(&intake.fleet).records(shop, kind).await?;
            let ids: Vec<_> = all.iter().filter(|one| one["status"] != "trash").map(|one| &one["id"]).collect();
            let wanted = json!({ "kind": kind, "ids": ids, "fields": note_of(kind) });
            node::sim(&intake.fleet).post(&format!("/_sim/stores/{shop}/edit"), wanted).await?;
        }
    }
    let doomed = intake.product().await?;
    node::sim(&intake.fleet).post(&format!("/_sim/stores/1/products/{doomed}/trash"), json!({})).await?;
    node::sim(&intake.fleet).quiesce().await?;
    intake.applied().await?;
    let taken = intake.count("SELECT count(*) FROM inbox WHERE state <> 'pending'", &[]).await?;
    let a_minute = 60.0 * taken as f64 / began.elapsed().as_secs_f64();
    ensure!(taken > 100 && a_minute > 100.0, "{taken} deliveries, {a_minute} a minute");
    let log = std::fs::read_to_string(intake.node.folder.path().join("log"))?;
    ensure!(log.matches("store actor panicked").count() == 3, "nothing failed: {}", intake.node.tail());
    ensure!(intake.count("SELECT count(*) FROM dead_letter", &[]).await? == 0, "something was given up");
    let deleted =
        "SELECT count(*) FROM product WHERE remote_id = $1 AND (deleted_at IS NOT NULL OR trashed_at IS NOT NULL)";
    ensure!(intake.count(deleted, &[&doomed.to_string()]).await? == 1, "a deleted product is still for sale");
    let verdict = storewire_oracle::compare(&node::sim(&intake.fleet), &intake.admin).await?;
    ensure!(verdict.is_equal() && verdict.acknowledged > 100, "{verdict}");
    // It ends with failure, because a part of it crashed.
    ensure!(intake.node.stop().is_err());
    Ok(())
}

fn note_of(kind: &str) -> serde_json::Value {
    match kind {
        "orders" => json!({ "customer_note": "told by a webhook" }),
        "products" => json!({ "name": "told by a webhook" }),
        _ => json!({ "first_name": "Told" }),
    }
}

impl Intake {
    /// The id of a simple product of the first shop.
    async fn product(&self) -> Result<u64> {
        let products = node::sim(&self.fleet).records(1, "products").await?;
        products.iter().find(|one| one["type"] == "simple").and_then(|one| one["id"].as_u64()).context("a product")
    }
}
