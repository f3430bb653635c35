//! Closed loop: so many connections, each posting its next delivery as soon as the last was answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hyper::StatusCode;

use crate::latency::{Latencies, Percentiles};
use crate::poster::Poster;
use crate::rig::Rig;

/// What a round of posting came to.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Answered with 200.
    pub acked: u64,
    /// Answered with anything else.
    pub refused: u64,
    pub took: Duration,
    pub times: Percentiles,
}

/// When to stop.
#[derive(Clone, Copy)]
enum Until {
    Elapsed(Duration),
    /// The event with this number was taken.
    Event(u64),
}

/// Posts for a time; what is under way at its end is waited for, so that `acked` is exact.
///
/// # Errors
/// If a connection breaks.
pub async fn run(rig: &Rig, connections: usize, time: Duration) -> Result<Posted> {
    post_until(rig, connections, Until::Elapsed(time)).await
}

/// Posts the first `count` events there are.
///
/// # Errors
/// If a connection breaks, or a delivery is refused.
pub async fn post(rig: &Rig, connections: usize, count: u64) -> Result<()> {
    let posted = post_until(rig, connections, Until::Event(count)).await?;
    ensure!(posted.refused == 0, "{} deliveries were refused", posted.refused);
    Ok(())
}

async fn post_until(rig: &Rig, connections: usize, until: Until) -> Result<Posted> {
    let mut posters = Vec::with_capacity(connections);
    for _ in 0..connections {
        posters.push(Poster::connect(rig.address).await?);
    }
    let started = Instant::now();
    let workers: Vec<_> = posters
        .into_iter()
        .map(|mut poster| {
            let source = Arc::clone(&rig.source);
            tokio::spawn(async move {
                let (mut acked, mut refused, mut times) = (0, 0, Latencies::new()?);
                loop {
                    if matches!(until, Until::Elapsed(time) if started.elapsed() >= time) {
                        break;
                    }
                    let event = source.take(1);
                    if matches!(until, Until::Event(last) if event >= last) {
                        break;
                    }
                    let signed = source.sign(event)?;
                    let sent = Instant::now();
                    let status = poster.deliver(signed).await?;
                    times.add(sent.elapsed());
                    if status == StatusCode::OK { acked += 1 } else { refused += 1 }
                }
                anyhow::Ok((acked, refused, times))
            })
        })
        .collect();
    let (mut acked, mut refused, mut times) = (0, 0, Latencies::new()?);
    for worker in workers {
        let (of_worker, refused_of_worker, its_times) = worker.await??;
        acked += of_worker;
        refused += refused_of_worker;
        times.merge(&its_times)?;
    }
    Ok(Posted { acked, refused, took: started.elapsed(), times: times.percentiles() })
}
