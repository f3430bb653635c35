//! How quickly deliveries are answered, and that each appears to those who watch.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use super::Intake;
use crate::person::Person;

const PER_SECOND: u32 = 200;
const DELIVERIES: u32 = 400;
const P99: Duration = Duration::from_millis(50);
const ROUNDS: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a1_two_hundred_deliveries_a_second_are_durable_when_answered_within_50_ms_and_all_are_seen_live() -> Result<()>
{
    let intake = Intake::open(1, &[]).await?;
    intake.node.create_user("admin@example.com", "platform-admin", None)?;
    let token = Person::log_in(&intake.node, "admin@example.com").await?.token;
    let mut request = intake.node.url("/api/v1/live").replacen("http", "ws", 1).into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;

    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    let mut slowest = Vec::new();
    for round in 1..=ROUNDS {
        let waits = round_of(&intake, &genuine, round * 1_000_000).await?;
        // Every one that was answered is there.
        let kept = intake.count("SELECT count(*) FROM inbox", &[]).await?;
        ensure!(kept == i64::from(DELIVERIES) * i64::try_from(round)?, "{kept} are kept after {round} rounds");
        intake.applied().await?;
        slowest.push(waits[waits.len() * 99 / 100]);
        // A machine that is busy with something else is asked again.
        if slowest.last().is_some_and(|p99| *p99 <= P99) {
            break;
        }
    }
    ensure!(slowest.last().is_some_and(|p99| *p99 <= P99), "p99 of the answers, by round: {slowest:?}");

    let wanted = usize::try_from(DELIVERIES)? * slowest.len();
    let rows = intake.count("SELECT count(*) FROM orders WHERE length(remote_id) >= 7", &[]).await?;
    ensure!(rows == i64::try_from(wanted)?, "{rows} rows of {wanted} deliveries");
    let mut seen = 0;
    tokio::time::timeout(Duration::from_secs(30), async {
        while seen < wanted {
            let Message::Text(text) = socket.next().await.context("the socket ended")?? else { continue };
            let frame: Value = serde_json::from_str(&text)?;
            ensure!(frame["kind"] != "reload", "told to reload after {seen}");
            seen += usize::from(frame["kind"] == "order.created");
        }
        anyhow::Ok(())
    })
    .await
    .with_context(|| format!("{seen} of {wanted} were seen"))?
}

/// Posts orders with ids of their own at an even pace; how long each waited for its answer, the quickest first.
async fn round_of(intake: &Intake, genuine: &Value, first: u64) -> Result<Vec<Duration>> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / PER_SECOND);
    let mut senders = JoinSet::new();
    for number in 0..u64::from(DELIVERIES) {
        let mut order = genuine.clone();
        order["id"] = json!(first + number);
        let post = intake.delivery("order.created", order.to_string().as_bytes());
        let port = intake.node.port;
        ticks.tick().await;
        senders.spawn(async move {
            let started = Instant::now();
            ensure!(post.send(port).await? == 200, "refused");
            Ok(started.elapsed())
        });
    }
    let mut waits = Vec::new();
    while let Some(sent) = senders.join_next().await {
        waits.push(sent??);
    }
    waits.sort_unstable();
    Ok(waits)
}
