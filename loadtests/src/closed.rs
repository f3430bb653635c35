//! Closed loop: so many connections, each posting its next delivery as soon as the last was answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hyper::StatusCode;
use tokio::task::JoinHandle;

use crate::latency::{Latencies, Percentiles};
use crate::poster::Poster;
use crate::rig::Rig;
use crate::source::Source;

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
#[derive(Clone)]
enum Until {
    Elapsed(Duration),
    /// The event with this number was taken.
    Event(u64),
    Told(Arc<AtomicBool>),
}

/// Posts until it is told to stop.
pub struct Flood {
    is_over: Arc<AtomicBool>,
    posting: JoinHandle<Result<Posted>>,
}

impl Flood {
    /// Begins to post what the source gives.
    #[must_use]
    pub fn begin(address: SocketAddr, source: Arc<Source>, connections: usize) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Until::Told(Arc::clone(&is_over));
        Self { is_over, posting: tokio::spawn(async move { post_until(address, &source, connections, until).await }) }
    }

    /// Ends it, and answers what it came to.
    ///
    /// # Errors
    /// If a connection broke.
    pub async fn end(self) -> Result<Posted> {
        self.is_over.store(true, Ordering::Relaxed);
        self.posting.await?
    }
}

/// Posts for a time; what is under way at its end is waited for, so that `acked` is exact.
///
/// # Errors
/// If a connection breaks.
pub async fn run(rig: &Rig, connections: usize, time: Duration) -> Result<Posted> {
    post_until(rig.address, &rig.source, connections, Until::Elapsed(time)).await
}

/// Posts the first `count` events there are.
///
/// # Errors
/// If a connection breaks, or a delivery is refused.
pub async fn post(rig: &Rig, connections: usize, count: u64) -> Result<()> {
    post_first(rig.address, &rig.source, connections, count).await
}

/// Posts what a source gives up to the event `last`.
///
/// # Errors
/// If a connection breaks, or a delivery is refused.
pub async fn post_first(address: SocketAddr, source: &Arc<Source>, connections: usize, last: u64) -> Result<()> {
    let posted = post_until(address, source, connections, Until::Event(last)).await?;
    ensure!(posted.refused == 0, "{} deliveries were refused", posted.refused);
    Ok(())
}

async fn post_until(address: SocketAddr, source: &Arc<Source>, connections: usize, until: Until) -> Result<Posted> {
    let mut posters = Vec::with_capacity(connections);
    for _ in 0..connections {
        posters.push(Poster::connect(address).await?);
    }
    let started = Instant::now();
    let workers: Vec<_> = posters
        .into_iter()
        .map(|mut poster| {
            let (source, until) = (Arc::clone(source), until.clone());
            tokio::spawn(async move {
                let (mut acked, mut refused, mut times) = (0, 0, Latencies::new()?);
                loop {
                    let next = match &until {
                        Until::Elapsed(time) => (started.elapsed() < *time).then(|| source.take(1)),
                        Until::Told(is_over) => (!is_over.load(Ordering::Relaxed)).then(|| source.take(1)),
                        Until::Event(last) => source.take_below(*last),
                    };
                    let Some(event) = next else { break };
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
