//! Store actors that end again and again, and what becomes of their work.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_domain::StoreState;

use crate::{cases_a::Intake, node};

/// Deliveries over which the actor ends, each with its own record.
const POISON: u64 = 30;
/// Good ones between two of them.
const BETWEEN: u64 = 5;
/// Tries that a delivery is given.
const ATTEMPTS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn c2_over_a_hundred_panics_nothing_is_lost_and_what_causes_them_is_set_aside_after_five_tries() -> Result<()> {
    let settings =
        [("RESTART_BASE", "1ms"), ("RESTART_CAP", "5ms"), ("RESTART_LIMIT", "100000"), ("INBOX_BATCH", "50")];
    let mut intake = Intake::open(2, &settings).await?;
    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    intake.node.stop()?;
    let failing = [
        ("FAILPOINTS", "store.on_delivery=panic"),
        ("STOREWIRE_FAIL_DELIVERY", "the-one-that-ends-its-actor"),
        ("RUST_BACKTRACE", "0"),
    ];
    intake.node.start_with(&failing).await?;
    intake.admin = intake.node.admin().await?;

    let body = |id: u64| {
        let mut order = genuine.clone();
        order["id"] = json!(id);
        order.to_string().into_bytes()
    };
    let (poison, good) = (1_000_000.., 2_000_000..);
    let mut good = good.into_iter();
    for id in poison.take(usize::try_from(POISON)?) {
        let post = intake.delivery("order.created", &body(id));
        intake.send(&post.with("X-WC-Webhook-Delivery-ID", "the-one-that-ends-its-actor")).await?;
        for id in good.by_ref().take(usize::try_from(BETWEEN)?) {
            intake.send(&intake.delivery("order.created", &body(id))).await?;
        }
    }
    intake.fleet.buy(2, None, 1).context("something is for sale")?;
    node::sim(&intake.fleet).quiesce().await?;
    intake.applied().await?;

    let log = std::fs::read_to_string(intake.node.folder.path().join("log"))?;
    let panics = log.matches("store actor panicked").count();
    let wanted = usize::try_from(POISON)? * (ATTEMPTS - 1)..=usize::try_from(POISON)? * ATTEMPTS;
    ensure!(wanted.contains(&panics), "{panics} panics: {}", intake.node.tail());
    let dead = "SELECT count(*) FROM dead_letter JOIN inbox ON inbox.id = dead_letter.id
        WHERE cause = 'crashed' AND inbox.state = 'dead' AND inbox.attempts >= $1 AND dead_letter.body = inbox.body
        AND inbox.delivery_id = 'the-one-that-ends-its-actor'";
    ensure!(
        intake.count(dead, &[&i16::try_from(ATTEMPTS)?]).await? == i64::try_from(POISON)?,
        "not all were set aside"
    );
    let applied = "SELECT count(*) FROM orders WHERE length(remote_id) = 7 AND remote_id LIKE '2%'";
    ensure!(intake.count(applied, &[]).await? == i64::try_from(POISON * BETWEEN)?, "a neighbour of the poison is lost");
    ensure!(intake.count("SELECT count(*) FROM dead_letter WHERE cause <> 'crashed'", &[]).await? == 0);
    let live = "SELECT count(*) FROM store WHERE state = $1";
    intake
        .until("both stores are live", async || Ok(intake.count(live, &[&StoreState::Live.as_str()]).await? == 2))
        .await?;
    // It ends with failure, because a part of it crashed.
    ensure!(intake.node.stop().is_err());
    Ok(())
}
