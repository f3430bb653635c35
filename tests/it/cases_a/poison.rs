//! Bodies that no program of ours may fall over: signed and therefore taken, kept as they came, and set aside with a reason.

mod corpus;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use storewire_domain::Clock;

use super::Intake;
use crate::node;

const SALES: usize = 40;
const ROUNDS: usize = 5;

/// A neighbour's lag: from the arrival of each delivery to its end, the 95th of a hundred.
const P95: &str =
    "SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM handled_at - received_at)::float8)
    FROM inbox JOIN store ON (store.tenant_id, store.id) = (inbox.tenant_id, inbox.store_id)
    WHERE store.home_url = $1 AND received_at > $2";

#[tokio::test(flavor = "multi_thread")]
async fn a8_hundreds_of_poisonous_bodies_are_kept_set_aside_with_a_reason_and_hold_up_nobody() -> Result<()> {
    let intake = Intake::open(2, &[("STORM_LIMIT", "100000")]).await?;
    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    intake.post("order.created", genuine.to_string().as_bytes()).await?;
    intake.applied().await?;

    let corpus = corpus::bodies(&genuine)?;
    ensure!(corpus.len() >= 300, "only {} bodies", corpus.len());
    // The neighbour sells as quickly without the poison as beside it.
    let mut lags = Vec::new();
    for round in 0..ROUNDS {
        let alone = neighbour_sells(&intake, std::future::ready(Ok(()))).await?;
        let beside = neighbour_sells(&intake, async {
            for poison in corpus.iter().filter(|poison| round == 0 || poison.body.len() > 100_000 || poison.is_dead) {
                intake.post(poison.topic, &poison.body).await.with_context(|| poison.name.clone())?;
            }
            Ok(())
        })
        .await?;
        lags.push((alone, beside));
        // A machine that is busy with something else is asked again.
        if beside < alone * 2.0 {
            break;
        }
    }
    ensure!(lags.last().is_some_and(|(alone, beside)| *beside < alone * 2.0), "lags alone and beside: {lags:?}");
    intake.applied().await?;

    // What stands behind all of it in the same store is applied at once.
    intake.edit("orders", order, serde_json::json!({ "customer_note": "behind the poison" })).await?;
    let last = intake.record("orders", order).await?.to_string();
    intake.post("order.updated", last.as_bytes()).await?;
    intake.applied().await?;

    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for poison in &corpus {
        let kept = intake.verdicts(&poison.body).await?;
        ensure!(!kept.is_empty(), "{} is not kept as it came", poison.name);
        for (state, reason) in &kept {
            let has_reason = reason.as_ref().is_some_and(|reason| !reason.is_empty());
            ensure!(state == "applied" || has_reason, "{}: {state} without a reason", poison.name);
            ensure!(!poison.is_dead || state == "dead", "{}: {state} {reason:?}", poison.name);
        }
        *ends.entry(kept[0].0.clone()).or_default() += 1;
        let letters = "SELECT count(*) FROM dead_letter WHERE body = $1 AND reason <> '' AND cause = 'undecodable'";
        let is_dead = kept[0].0 == "dead";
        ensure!((intake.count(letters, &[&poison.body]).await? > 0) == is_dead, "{}: its dead letter", poison.name);
    }
    println!("{ends:?}, lags {lags:?}");
    ensure!(ends.get("dead").is_some_and(|count| *count >= 150), "{ends:?}");
    let log = std::fs::read_to_string(intake.node.folder.path().join("log"))?;
    ensure!(!log.contains("panicked"), "{}", intake.node.tail());
    Ok(())
}

/// Sells in the neighbour's shop while something else happens; its lag in seconds.
async fn neighbour_sells(intake: &Intake, meanwhile: impl Future<Output = Result<()>>) -> Result<f64> {
    let since = Clock::system().now();
    let selling = async {
        for _ in 0..SALES {
            intake.fleet.buy(2, None, 1).context("something is for sale")?;
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        node::sim(&intake.fleet).quiesce().await.map(drop)
    };
    let started = Instant::now();
    let (sold, happened) = tokio::join!(selling, meanwhile);
    sold?;
    happened.with_context(|| format!("after {:?}", started.elapsed()))?;
    let neighbour = intake.fleet.stores()[1].home_url.clone();
    let waiting =
        "SELECT count(*) FROM inbox JOIN store ON (store.tenant_id, store.id) = (inbox.tenant_id, inbox.store_id)
        WHERE store.home_url = $1 AND inbox.state = 'pending'";
    intake
        .until("the neighbour's sales are applied", async || Ok(intake.count(waiting, &[&neighbour]).await? == 0))
        .await?;
    Ok(intake.admin.query_one(P95, &[&neighbour, &since]).await?.get(0))
}
