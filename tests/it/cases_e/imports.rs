//! Death while a file of counts is written: the next life goes on with it by itself, line by line, each once.

use std::{os::unix::process::ExitStatusExt as _, time::Duration};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::json;
use storesim::{Fleet, FleetConfig};
use storewire_oracle::writes;
use tokio_postgres::Client;

use crate::{
    node::{self, Node, until},
    person::{Keyed, Person},
};

const WITHIN: Duration = Duration::from_secs(60);
/// Lines that change something, more than go into two transactions.
const LINES: i64 = 210;

#[tokio::test(flavor = "multi_thread")]
async fn e1_a_file_of_counts_whose_writer_is_killed_is_written_to_its_end_without_being_asked_for() -> Result<()> {
    let fleet = Fleet::start(FleetConfig {
        listen: ([127, 0, 0, 1], node::free_port()?).into(),
        stores: 1,
        rate: 0.0,
        orders_per_store: 4,
        products_per_store: 700,
        ..FleetConfig::default()
    })
    .await?;
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    node.connect(&fleet.stores()[0], "Anatolia Coffee")?;
    node.create_user("admin@example.com", "platform-admin", None)?;
    node.stores_are("live", 1).await?;
    let staff = Person::log_in(&node, "admin@example.com").await?;
    let import = look_at(&node.admin().await?, &staff).await?;
    node.stop()?;

    // Some lines are on their way when it dies, and nobody asks again: the answer to this was lost with it.
    node.start_with(&[("FAILPOINTS", "desk.after_commit=return(kill)")]).await?;
    let path = format!("/api/v1/inventory/imports/{import}/write");
    let write = Keyed { method: Method::POST, path, key: "write".to_owned(), version: Some(1), body: "{}".to_owned() };
    ensure!(staff.keyed(&write).await.is_err(), "it answered");
    dies(&mut node).await?;
    // The next goes on, and dies over the lines that follow.
    node.launch(&[("FAILPOINTS", "desk.before_commit=return(kill)")])?;
    dies(&mut node).await?;
    node.start().await?;
    let admin = node.admin().await?;
    let cut_off = "SELECT count(*) FROM stock_import WHERE state <> 'previewed'";
    ensure!(count(&admin, cut_off).await? == 1, "it was never begun");

    let written = "SELECT count(*) FROM stock_import WHERE state = 'written'";
    until(WITHIN, "it is written", || async { Ok(count(&admin, written).await? == 1) }).await?;
    let open = "SELECT count(*) FROM intent WHERE finished_at IS NULL";
    until(WITHIN, "its lines have ended", || async { Ok(count(&admin, open).await? == 0) }).await?;
    // What the dead had taken in hand is free after a minute.
    admin.execute("UPDATE idempotency_key SET taken_until = now() WHERE answer IS NULL", &[]).await?;
    let again = staff.keyed(&write).await?;
    ensure!(again.status == StatusCode::ACCEPTED && again.json()?["state"] == "written", "{}", again.text);
    for (what, sql, wanted) in [
        ("writes", "SELECT count(*) FROM intent WHERE cause ? 'import' AND state = 'done'", LINES),
        ("products", "SELECT count(DISTINCT entity_id) FROM intent", LINES),
        ("lines", "SELECT count(DISTINCT intent_id) FROM stock_import_row WHERE refusal IS NULL", LINES),
        ("proofs", "SELECT count(*) FROM audit WHERE action = 'stock.import'", 1),
    ] {
        let found = count(&admin, sql).await?;
        ensure!(found == wanted, "{what}: {found}, not {wanted}");
    }
    let verdict = writes::judge(&node::sim(&fleet), &admin, &[]).await?;
    ensure!(i64::try_from(verdict.done)? == LINES && verdict.doubled.holds(), "{verdict}");
    node.stop()
}

/// Has a file of new counts compared with what we hold; answers its id.
async fn look_at(admin: &Client, staff: &Person) -> Result<String> {
    let sql = "SELECT store_id::text, min(sku) FROM product
        WHERE sku <> '' AND deleted_at IS NULL AND trashed_at IS NULL
        GROUP BY store_id, btrim(sku) HAVING count(*) = 1 AND bool_and(manage_stock = 'yes')
        ORDER BY btrim(sku) LIMIT $1";
    let counted = admin.query(sql, &[&LINES]).await?;
    ensure!(i64::try_from(counted.len())? == LINES, "only {} count their stock", counted.len());
    let store: String = counted.first().context("a product")?.try_get(0)?;
    let mut csv = "sku,stock\n".to_owned();
    for (number, row) in (5_000..).zip(&counted) {
        csv.push_str(&format!("\"{}\",{number}\n", row.try_get::<_, String>(1)?));
    }
    let file = json!({ "store_id": store, "name": "counts.csv", "csv": csv });
    let answer = staff.ask(Method::POST, "/api/v1/inventory/imports", Some(file)).await?;
    ensure!(answer.status == StatusCode::CREATED, "{}: {}", answer.status, answer.text);
    let import = answer.json()?;
    ensure!(import["changes"] == LINES, "{import}");
    Ok(import["id"].as_str().context("an id")?.to_owned())
}

/// Waits until the node has died by its own hand.
async fn dies(node: &mut Node) -> Result<()> {
    let mut ended = None;
    let deadline = std::time::Instant::now() + WITHIN;
    while ended.is_none() {
        ensure!(std::time::Instant::now() < deadline, "it did not die there: {}", node.tail());
        ended = node.ended()?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let ended = ended.context("its end")?;
    ensure!(ended.signal() == Some(Signal::SIGABRT as i32), "it ended otherwise ({ended}): {}", node.tail());
    Ok(())
}

async fn count(admin: &Client, sql: &str) -> Result<i64> {
    Ok(admin.query_one(sql, &[]).await?.try_get(0)?)
}
