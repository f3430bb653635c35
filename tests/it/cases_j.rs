//! More than the intake can take: what it answers is kept, what it keeps is applied, and it goes on answering.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::cases_a::Intake;

/// Shops that post one delivery after the other, as many as keep the intake busy.
const SENDERS: usize = 8;
/// So many times as many when all come at once.
const OVERLOAD: usize = 3;
const PHASE: Duration = Duration::from_secs(2);
/// Rounds on a machine that is busy with something else.
const ROUNDS: usize = 5;
/// Of what it takes without overload, in per cent.
const LEAST: usize = 80;
/// From the end of the overload until it is as quick as before.
const RECOVERS_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn j5_three_times_too_much_costs_little_of_what_is_taken_loses_nothing_and_is_soon_over() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    let next = Arc::new(AtomicUsize::new(1_000_000));
    // The first ones warm up.
    let mut taken = flood(&intake, &genuine, SENDERS, &next).await?.taken;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let sustained = flood(&intake, &genuine, SENDERS, &next).await?;
        let burst = flood(&intake, &genuine, SENDERS * OVERLOAD, &next).await?;
        taken += sustained.taken + burst.taken;
        rounds.push((sustained.taken, burst.taken, burst.refused));
        if burst.taken * 100 >= sustained.taken * LEAST {
            break;
        }
    }
    let holds = rounds.last().is_some_and(|(sustained, burst, _)| burst * 100 >= sustained * LEAST);
    ensure!(holds, "taken without overload, with it, and refused, by round: {rounds:?}");

    // J1, J2: whatever was answered is there, and all of it is applied.
    let kept = intake.count("SELECT count(*) FROM inbox", &[]).await?;
    ensure!(usize::try_from(kept)? >= taken, "{taken} were taken, {kept} are kept");
    let ended = Instant::now();
    intake.applied().await?;
    let rows = intake.count("SELECT count(*) FROM orders WHERE length(remote_id) = 7", &[]).await?;
    ensure!(rows == kept, "{kept} are kept, {rows} have become orders");
    ensure!(intake.count("SELECT count(*) FROM dead_letter", &[]).await? == 0, "one was given up on");
    ensure!(ended.elapsed() < RECOVERS_WITHIN, "it was busy for {:?} afterwards", ended.elapsed());
    let after = flood(&intake, &genuine, SENDERS, &next).await?;
    ensure!(after.refused == 0 && after.taken > 0, "{} were refused afterwards", after.refused);
    intake.applied().await
}

struct Flood {
    taken: usize,
    refused: usize,
}

/// So many senders, each posting new orders one after the other for a time. Refused is only what may be: for the moment.
async fn flood(intake: &Intake, genuine: &Value, senders: usize, next: &Arc<AtomicUsize>) -> Result<Flood> {
    let until = Instant::now() + PHASE;
    let mut sending = JoinSet::new();
    for _ in 0..senders {
        let (next, genuine, port) = (Arc::clone(next), genuine.clone(), intake.node.port);
        let blank = intake.delivery("order.created", b"");
        sending.spawn(async move {
            let mut flood = Flood { taken: 0, refused: 0 };
            while Instant::now() < until {
                let mut order = genuine.clone();
                order["id"] = json!(next.fetch_add(1, Ordering::Relaxed));
                let post = blank.clone().with_body(order.to_string().into_bytes()).signed(crate::cases_a::SECRET);
                match post.send(port).await? {
                    200 => flood.taken += 1,
                    503 => flood.refused += 1,
                    other => anyhow::bail!("answered {other}"),
                }
            }
            Ok(flood)
        });
    }
    let mut all = Flood { taken: 0, refused: 0 };
    while let Some(flood) = sending.join_next().await {
        let flood = flood??;
        all = Flood { taken: all.taken + flood.taken, refused: all.refused + flood.refused };
    }
    Ok(all)
}
