//! Death at every named place of the engine, one after the other, and what is found afterwards.

use std::{
    os::unix::process::ExitStatusExt as _,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::json;
use storewire_loadtests::chaos::PLACES;
use storewire_oracle::{Check, compare, log, writes};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    node::{self, Node, until},
    person::Person,
};

const STORES: usize = 2;
/// A place that is not passed within this time is not passed at all.
const DIES_WITHIN: Duration = Duration::from_secs(40);
const WISH_EVERY: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn e1_the_binary_dies_once_at_every_named_place_and_nothing_is_lost_doubled_or_written_twice() -> Result<()> {
    let fleet = node::fleet(STORES).await?;
    let mut node = Node::prepare(&fleet)?;
    // Deliveries and reads are not to blame for the deaths that they happen to be near.
    for (key, value) in [
        ("SWEEP_INTERVAL", "1s"),
        ("OUTBOX_SETTLE", "300ms"),
        ("DELIVERY_ATTEMPTS", "100"),
        ("RECHECK_ATTEMPTS", "100"),
        ("OUTBOX_ATTEMPTS", "100"),
    ] {
        node.set(&format!("STOREWIRE__ENGINE__{key}"), value.to_owned());
    }
    node.start().await?;
    for shop in fleet.stores() {
        node.connect(&shop, "Anatolia Coffee")?;
    }
    node.create_user("admin@example.com", "platform-admin", None)?;
    node.stores_are("live", i64::try_from(STORES)?).await?;
    let person = Person::log_in(&node, "admin@example.com").await?;
    let orders = orders(&node.admin().await?).await?;
    node.kill()?;

    fleet.set_rate(30.0);
    let mut promised = Vec::new();
    for (number, place) in PLACES.iter().enumerate() {
        node.launch(&[("FAILPOINTS", &format!("{place}=return(kill)"))])?;
        let order = orders.get(number % orders.len()).context("something was sold")?;
        promised.extend(dies(&mut node, &person, *order, number).await.with_context(|| (*place).to_owned())?);
    }
    fleet.set_rate(0.0);
    node.start().await?;
    let sim = node::sim(&fleet);
    sim.quiesce().await?;

    let admin = node.admin().await?;
    let settled = "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)
        + (SELECT count(*) FROM intent WHERE finished_at IS NULL)";
    let agrees = until(Duration::from_secs(60), "the copies equal the shops and nothing waits", || async {
        let waits: i64 = admin.query_one(settled, &[]).await?.try_get(0)?;
        Ok(waits == 0 && compare(&sim, &admin).await?.is_equal())
    })
    .await;
    let verdict = compare(&sim, &admin).await?;
    ensure!(agrees.is_ok(), "after {} deaths: {verdict}\n{}", PLACES.len(), node.tail());
    ensure!(verdict.acknowledged > 20, "too little traffic to prove anything: {verdict}");
    let dead: i64 = admin.query_one("SELECT count(*) FROM dead_letter", &[]).await?.try_get(0)?;
    ensure!(dead == 0, "{dead} were given up on");
    let written = writes::judge(&sim, &admin, &promised).await?;
    ensure!(written.done >= 4, "too few writes to prove anything: {written}");
    let (doubled, back, gaps) = (log::doubled(&admin).await?, log::gone_back(&admin).await?, log::gaps(&admin).await?);
    let checks = [written.doubled, written.unaccounted, doubled, back, gaps];
    let broken: Vec<String> = checks.iter().filter(|check| !check.holds()).map(Check::to_string).collect();
    ensure!(broken.is_empty(), "{}", broken.join("\n"));
    node.stop()
}

/// Waits until the node has died by its own hand, and meanwhile wishes for a note that no other wish has; for another one if that was
/// promised a while ago, because one whose order was thrown away meanwhile is never sent.
async fn dies(node: &mut Node, person: &Person, order: Uuid, number: usize) -> Result<Vec<Uuid>> {
    let deadline = Instant::now() + DIES_WITHIN;
    let path = format!("/api/v1/orders/{order}");
    let mut promised = Vec::new();
    let mut due = Instant::now();
    let ended = loop {
        if let Some(ended) = node.ended()? {
            break ended;
        }
        ensure!(Instant::now() < deadline, "it did not die there: {}", node.tail());
        if due <= Instant::now() {
            let wish = json!({ "note": { "text": format!("{number}.{}", promised.len()), "for_customer": false } });
            // One that nobody answers was perhaps taken all the same: that is for the check of all writes to find out.
            let answer = person.ask(Method::PATCH, &path, Some(wish)).await;
            if let Some(said) = answer.ok().filter(|answer| answer.status == StatusCode::ACCEPTED) {
                let listed = said.json()?["intents"].as_array().cloned().unwrap_or_default();
                promised.extend(listed.iter().filter_map(|intent| intent["id"].as_str()?.parse::<Uuid>().ok()));
                due = Instant::now() + WISH_EVERY;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    ensure!(ended.signal() == Some(Signal::SIGABRT as i32), "it ended otherwise ({ended}): {}", node.tail());
    Ok(promised)
}

/// Our ids of the orders that notes can be added to.
async fn orders(admin: &Client) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM orders WHERE deleted_at IS NULL AND trashed_at IS NULL ORDER BY id";
    admin.query(sql, &[]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
