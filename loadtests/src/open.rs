//! Open loop: posts each event when it is due, over a pool of connections, and waits until every watcher saw it.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use hyper::StatusCode;
use serde::Serialize;
use tokio::sync::{Mutex, mpsc::Receiver};

use crate::cpu::Used;
use crate::latency::{Latencies, Percentiles};
use crate::pace::{self, Step};
use crate::poster::Poster;
use crate::report::micros_each;
use crate::source::Source;
use crate::tally::{Missing, Notes};

/// So many requests can be under way at once; more wait, and their wait counts.
pub const CONNECTIONS: usize = 128;
/// A little time to get everybody ready before the first event is due.
const LEAD: Duration = Duration::from_millis(200);
/// After the last answer, for what is still on its way to the watchers.
const SEEN_WITHIN: Duration = Duration::from_secs(60);
/// Nothing new for so long, though something is missing: it will not come.
const QUIET: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Connections for so many events a second: each has something to say every second, since the server closes those that are silent.
#[must_use]
pub fn connections(rate: u64) -> usize {
    usize::try_from(rate).map_or(CONNECTIONS, |rate| rate.min(CONNECTIONS))
}

/// Sends one event and answers whether it was taken.
pub trait Post: Send + 'static {
    /// # Errors
    /// If the connection breaks.
    fn post(&mut self, event: u64) -> impl Future<Output = Result<bool>> + Send;
}

/// Posts to the product.
pub struct Webhooks {
    pub poster: Poster,
    pub source: Arc<Source>,
}

impl Post for Webhooks {
    async fn post(&mut self, event: u64) -> Result<bool> {
        let signed = self.source.sign(event)?;
        Ok(self.poster.deliver(signed).await? == StatusCode::OK)
    }
}

/// What a step came to.
#[derive(Clone, Debug, Serialize)]
pub struct StepResult {
    pub rate: u64,
    pub posted: u64,
    pub refused: u64,
    /// From due to seen, over all events and watchers.
    pub times: Percentiles,
    /// Processor time of what was measured, per event.
    pub cpu_us: u64,
    /// The database's part of it.
    pub cpu_of_database_us: u64,
    /// The most that any watcher missed, though a later version of the same order reached it.
    pub folded: u64,
    /// The most that any watcher missed without that, with left-out numbers and calls to reload.
    pub lost: u64,
    /// From the first event until all were seen.
    pub took_ms: u64,
}

impl StepResult {
    /// Whether the rate was carried: the line that the knee is drawn at.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.refused == 0 && self.lost == 0 && self.times.p99_us <= 100_000
    }
}

/// What a step needs besides its posters.
pub struct Stage<'a, C> {
    pub notes: &'a [Notes],
    /// Events from one version of an order to its next.
    pub period: u64,
    /// Processor time so far of what is measured.
    pub cpu: C,
}

/// Runs a step: `count` events from `first` on, `rate` a second.
///
/// # Errors
/// If a connection breaks or a watcher's socket is closed.
pub async fn run<P, C>(stage: &Stage<'_, C>, posters: Vec<P>, first: u64, count: u64, rate: u64) -> Result<StepResult>
where
    P: Post,
    C: Fn() -> Result<Used>,
{
    let step = Step { first, count, rate, started: Instant::now() + LEAD };
    let mut gaps_before = Vec::with_capacity(stage.notes.len());
    for notes in stage.notes {
        let mut tally = notes.lock();
        tally.begin(step)?;
        gaps_before.push(tally.gaps + tally.reloads);
    }
    let before = (stage.cpu)()?;
    let events = Arc::new(Mutex::new(pace::start(step)));
    let workers: Vec<_> = posters.into_iter().map(|poster| tokio::spawn(work(poster, Arc::clone(&events)))).collect();
    let mut refused = 0;
    for worker in workers {
        refused += worker.await??;
    }
    wait_until_seen(stage.notes).await?;
    let cpu = (stage.cpu)()?.since(&before);
    let took = step.started.elapsed();

    let mut times = Latencies::new()?;
    let mut worst = Missing::default();
    for (notes, before) in stage.notes.iter().zip(gaps_before) {
        let tally = notes.lock();
        let missing = tally.missing(stage.period);
        worst.folded = worst.folded.max(missing.folded);
        worst.lost = worst.lost.max(missing.lost + tally.gaps + tally.reloads - before);
        times.merge(&tally.times)?;
    }
    Ok(StepResult {
        rate,
        posted: count,
        refused,
        times: times.percentiles(),
        cpu_us: micros_each(cpu.total(), count),
        cpu_of_database_us: micros_each(cpu.database, count),
        folded: worst.folded,
        lost: worst.lost,
        took_ms: u64::try_from(took.as_millis())?,
    })
}

async fn work<P: Post>(mut poster: P, events: Arc<Mutex<Receiver<u64>>>) -> Result<u64> {
    let mut refused = 0;
    loop {
        // Held only for taking: whoever is free takes the next event.
        let next = events.lock().await.recv().await;
        let Some(event) = next else { return Ok(refused) };
        refused += u64::from(!poster.post(event).await?);
    }
}

async fn wait_until_seen(watchers: &[Notes]) -> Result<()> {
    let deadline = Instant::now() + SEEN_WITHIN;
    let (mut most, mut changed) = (0, Instant::now());
    loop {
        let (mut num_seen, mut has_all) = (0, true);
        for notes in watchers {
            let tally = notes.lock();
            if !tally.is_open {
                bail!("a watcher's socket was closed");
            }
            num_seen += tally.num_seen();
            has_all &= tally.has_all();
        }
        if num_seen > most {
            (most, changed) = (num_seen, Instant::now());
        }
        if has_all || changed.elapsed() > QUIET || Instant::now() > deadline {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
