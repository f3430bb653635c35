//! A line that breaks while shops go on selling: what was missed arrives, once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use uuid::Uuid;

use super::{
    chromium::Chromium,
    line::Line,
    scene::{ADMIN, MERCHANT, Scene, one_of},
    window::{Seen, Window},
};

/// An entry of the change log: the store's number for it, and what it is about.
type Entry = (i64, String);

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_was_cut_comes_back_with_no_gap_and_no_repeat() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let mut line = Line::to(scene.node.port).await?;
    let [merchant, admin] = browsers.open().await?;
    merchant.log_in(&line.url(), MERCHANT).await?;
    admin.log_in(&line.url(), ADMIN).await?;
    let product = scene.product(1).await?;
    let store = scene.store(1).await?;
    let before = newest(&scene, store).await?;
    merchant.watch(&format!("{}/orders", line.url())).await?;
    admin.watch(&format!("{}/products/{}", line.url(), product.id)).await?;

    // Seen live.
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(scene.order(1, &scene.buy(1, one_of(&product)).await?).await?);
    }
    let count = format!("#stock-{} .stock__count", product.id);
    admin.shows(&count, &(product.stock - 3).to_string()).await?;
    all_there(&merchant, &orders).await?;

    // Missed: more of the same, and a change to an order that the page shows already.
    let cut = newest(&scene, store).await?;
    line.cut().await;
    for window in [&merchant, &admin] {
        window.until("the sign says offline", "document.getElementById('live').dataset.state === 'offline'").await?;
    }
    for _ in 0..4 {
        orders.push(scene.order(1, &scene.buy(1, one_of(&product)).await?).await?);
    }
    completes_the_first(&scene, &orders).await?;
    scene.settled().await?;
    for window in [&merchant, &admin] {
        let (state, words) = window.signs().await?.last().context("the sign never changed")?.clone();
        ensure!(state == "offline" && words.contains("since"), "without a line the sign says {state}: {words}");
    }
    admin.shows(&count, &(product.stock - 3).to_string()).await?;

    // Back, and live again.
    ensure!(newest(&scene, store).await? >= cut + 5, "too little was missed to prove anything");
    line.mend().await?;
    for window in [&merchant, &admin] {
        window.is_live().await?;
        let signs: Vec<String> = window.signs().await?.into_iter().map(|(state, _)| state).collect();
        ensure!(signs.ends_with(&["catching".to_owned(), "live".to_owned()]), "the sign said {signs:?}");
    }
    orders.push(scene.order(1, &scene.buy(1, one_of(&product)).await?).await?);
    admin.shows(&count, &(product.stock - 8).to_string()).await?;
    all_there(&merchant, &orders).await?;
    scene.settled().await?;

    the_list_is_whole(&scene, &merchant, store, before, &orders).await?;
    the_timeline_is_whole(&scene, &admin, store, before, product.id).await?;
    for window in [&merchant, &admin] {
        window.has_no_complaints(true).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

async fn completes_the_first(scene: &Scene, orders: &[Uuid]) -> Result<()> {
    let id = orders.first().context("no order")?;
    let remote_id: String = scene.admin.query_one("SELECT remote_id FROM orders WHERE id = $1", &[id]).await?.get(0);
    scene.sim.post(&format!("/_sim/stores/1/orders/{remote_id}/status"), json!({ "status": "completed" })).await?;
    Ok(())
}

async fn all_there(window: &Window, orders: &[Uuid]) -> Result<()> {
    let ids = json!(orders.iter().map(|id| format!("order-{id}")).collect::<Vec<_>>());
    window.until("every order has its row", &format!("{ids}.every((id) => document.getElementById(id))")).await
}

/// The list shows what the database holds; each order was added once, and no last change of an order is missing.
async fn the_list_is_whole(scene: &Scene, page: &Window, store: Uuid, before: i64, orders: &[Uuid]) -> Result<()> {
    let log = log(scene, store, before, "kind LIKE 'order.%'").await?;
    has_come(page, &log).await?;
    let seen = distinct(&page.frames().await?, store)?;
    let mut last = BTreeMap::new();
    for (seq, id) in &log {
        last.insert(id, seq);
    }
    // A resumed list is sent the last change of each order, since a row shows the order as it is.
    let missed: Vec<&Entry> = log.difference(&seen).filter(|(seq, id)| last.get(id) == Some(&seq)).collect();
    ensure!(missed.is_empty(), "changes {missed:?} never came");
    let invented: Vec<&Entry> = seen.difference(&log).collect();
    ensure!(invented.is_empty(), "frames {invented:?} are not in the log");

    let shown = page.ids("#order-rows").await?;
    let rows = scene
        .admin
        .query(
            "SELECT 'order-' || orders.id FROM orders JOIN store ON store.id = store_id
            WHERE store.tenant_id = (SELECT tenant_id FROM store WHERE id = $1) AND orders.trashed_at IS NULL
            ORDER BY orders.created_at DESC, orders.id DESC LIMIT $2",
            &[&store, &i64::try_from(shown.len())?],
        )
        .await?;
    let held: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    ensure!(shown == held, "the list shows {shown:?}, the database holds {held:?}");
    let counted: String = page.ask("return document.getElementById('new-count').textContent").await?;
    ensure!(counted.contains(&orders.len().to_string()), "{} orders were counted as {counted:?}", orders.len());
    let first = orders.first().context("no order")?;
    let status = format!("document.getElementById('order-status-{first}').dataset.flash === 'completed'");
    page.until("an order that was completed meanwhile is shown so", &status).await?;
    Ok(())
}

/// A product's page tells every change: its timeline is the log, entry by entry, each added once.
async fn the_timeline_is_whole(scene: &Scene, page: &Window, store: Uuid, before: i64, product: Uuid) -> Result<()> {
    let log = log(scene, store, before, &format!("entity_id = '{product}'")).await?;
    has_come(page, &log).await?;
    ensure!(log.len() > 3, "too few changes to prove anything: {log:?}");
    let (last, _) = log.last().context("the log is empty")?;
    page.until("it is in the timeline", &format!("document.getElementById('change-{store}-{last}')")).await?;
    let seen = distinct(&page.frames().await?, store)?;
    ensure!(seen == log, "the log is {log:?}, the page got {seen:?}");

    let newest_first: Vec<String> = log.iter().rev().map(|(seq, _)| format!("change-{store}-{seq}")).collect();
    let shown = page.ids("#timeline").await?;
    ensure!(shown.starts_with(&newest_first), "the log is {newest_first:?}, the timeline shows {shown:?}");
    let mut added = page.added().await?;
    added.reverse();
    ensure!(added == newest_first, "the log is {newest_first:?}, what was added is {added:?}");
    Ok(())
}

/// Waits for the frame of the log's last entry; whatever is missing then is a gap.
async fn has_come(page: &Window, log: &BTreeSet<Entry>) -> Result<()> {
    let (last, _) = log.last().context("the log is empty")?;
    page.until("the last change arrives", &format!("window.__frames.some((frame) => frame.seq === {last})")).await
}

async fn newest(scene: &Scene, store: Uuid) -> Result<i64> {
    Ok(scene.admin.query_one("SELECT max(seq) FROM change WHERE store_id = $1", &[&store]).await?.get(0))
}

async fn log(scene: &Scene, store: Uuid, before: i64, condition: &str) -> Result<BTreeSet<Entry>> {
    let sql = format!("SELECT seq, entity_id::text FROM change WHERE store_id = $1 AND seq > $2 AND {condition}");
    let rows = scene.admin.query(&sql, &[&store, &before]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The frames without those that the resume repeated; all of this store.
fn distinct(frames: &[Seen], store: Uuid) -> Result<BTreeSet<Entry>> {
    let topic = format!("store:{store}");
    ensure!(frames.iter().all(|frame| frame.topic == topic), "another store's frames: {frames:?}");
    Ok(frames.iter().map(|frame| (frame.seq, frame.id.clone())).collect())
}
