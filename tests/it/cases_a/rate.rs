//! How quickly deliveries are answered, and that each appears to those who watch.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::task::{JoinHandle, JoinSet};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use super::Intake;
use crate::{captures::post::Post, node::Node, person::Person};

const PER_SECOND: u32 = 200;
const DELIVERIES: u32 = 400;
/// Of an answer, on a machine that does nothing else. One that is busy answers a ping late too, which needs neither disk nor database.
const P99: Duration = Duration::from_millis(50);
const ROUNDS: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a1_two_hundred_deliveries_a_second_are_durable_when_answered_soon_and_all_are_seen_live() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    intake.node.create_user("admin@example.com", "platform-admin", None)?;
    let token = Person::log_in(&intake.node, "admin@example.com").await?.token;
    let seen = Arc::new(AtomicUsize::new(0));
    let watching = watch(&intake.node, &token, Arc::clone(&seen)).await?;

    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    let mut slowest = Vec::new();
    for round in 1..=ROUNDS {
        let (saved, pinged) = round_of(&intake, &genuine, round * 1_000_000).await?;
        // Every one that was answered is there.
        let kept = intake.count("SELECT count(*) FROM inbox", &[]).await?;
        ensure!(kept == i64::from(DELIVERIES) * i64::try_from(round)?, "{kept} are kept after {round} rounds");
        intake.applied().await?;
        slowest.push((p99(saved), p99(pinged)));
        // A machine that is busy with something else is asked again.
        if slowest.last().is_some_and(is_quick) {
            break;
        }
    }
    ensure!(slowest.last().is_some_and(is_quick), "p99 of the answers and of pings beside them, by round: {slowest:?}");

    let wanted = usize::try_from(DELIVERIES)? * slowest.len();
    let rows = intake.count("SELECT count(*) FROM orders WHERE length(remote_id) >= 7", &[]).await?;
    ensure!(rows == i64::try_from(wanted)?, "{rows} rows of {wanted} deliveries");
    intake.until("everyone who watches has seen them all", async || Ok(seen.load(Ordering::Relaxed) == wanted)).await?;
    ensure!(!watching.is_finished(), "{:?}", watching.await?);
    watching.abort();
    Ok(())
}

/// Counts the new orders that a socket tells of, until something is wrong with it.
async fn watch(node: &Node, token: &str, seen: Arc<AtomicUsize>) -> Result<JoinHandle<Result<()>>> {
    let mut request = node.url("/api/v1/live").replacen("http", "ws", 1).into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    Ok(tokio::spawn(async move {
        loop {
            let Message::Text(text) = socket.next().await.context("the socket ended")?? else { continue };
            let frame: Value = serde_json::from_str(&text)?;
            ensure!(frame["kind"] != "reload", "told to reload");
            seen.fetch_add(usize::from(frame["kind"] == "order.created"), Ordering::Relaxed);
        }
    }))
}

fn is_quick((saved, pinged): &(Duration, Duration)) -> bool {
    *saved <= P99 + *pinged * 2
}

fn p99(mut waits: Vec<Duration>) -> Duration {
    waits.sort_unstable();
    waits[waits.len() * 99 / 100]
}

/// Posts orders with ids of their own at an even pace, and a ping beside every fourth; how long each waited for its answer.
async fn round_of(intake: &Intake, genuine: &Value, first: u64) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / PER_SECOND);
    let (mut saving, mut pinging) = (JoinSet::new(), JoinSet::new());
    let ping = intake.delivery("", b"webhook_id=7").with("Content-Type", "application/x-www-form-urlencoded");
    let ping = ping.without("X-WC-Webhook-Signature");
    for number in 0..u64::from(DELIVERIES) {
        let mut order = genuine.clone();
        order["id"] = json!(first + number);
        let post = intake.delivery("order.created", order.to_string().as_bytes());
        ticks.tick().await;
        saving.spawn(wait_for(post, intake.node.port));
        if number % 4 == 0 {
            pinging.spawn(wait_for(ping.clone(), intake.node.port));
        }
    }
    let saved = saving.join_all().await.into_iter().collect::<Result<_>>()?;
    Ok((saved, pinging.join_all().await.into_iter().collect::<Result<_>>()?))
}

async fn wait_for(post: Post, port: u16) -> Result<Duration> {
    let started = Instant::now();
    ensure!(post.send(port).await? == 200, "refused");
    Ok(started.elapsed())
}
