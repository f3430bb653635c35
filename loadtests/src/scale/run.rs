//! One node with thousands of stores: how it starts, idles, and polls for the first time.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use http_body_util::Full;
use hyper::{Method, Request};
use serde::Serialize;
use storesim::FleetConfig;
use tokio_postgres::Client;

use super::spread::Spread;
use super::{copies, first};
use crate::chaos::api::Api;
use crate::chaos::node::Node;
use crate::cpu;
use crate::ground::Ground;
use crate::memory::Resident;
use crate::report::decimal;

const START_WITHIN: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// PostgreSQL's own counters are told up to a second late.
const COUNTERS_LAG: Duration = Duration::from_millis(1_500);
/// Of the one shop that all others are copies of.
const RECORDS: usize = 3;
/// How much later than its place a poll may come, to be waited for.
const LATE: Duration = Duration::from_secs(2);
/// Longer than any run: nothing is due.
const NEVER: &str = "240h";

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub storewire: PathBuf,
    pub stores: usize,
    /// Loopback addresses that the shops live on.
    pub hosts: usize,
    /// How long nothing is due while statements are counted.
    pub quiet: Duration,
    /// From one poll of a store to the next; zero leaves the polls out.
    pub poll: Duration,
    /// Where the databases lie.
    pub folder: PathBuf,
}

/// What was measured of one number of stores.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    pub stores: u64,
    /// From the start of the process until `/readyz` says so.
    pub serving_ms: u64,
    /// And until every store has its actor.
    pub placed_ms: u64,
    /// Transactions until nothing was left of the start.
    pub start_transactions: u64,
    pub idle_resident_kib: u64,
    /// While nothing is due.
    pub quiet_seconds: u64,
    pub quiet_transactions: u64,
    pub quiet_cpu_ms: u64,
    pub quiet_database_cpu_ms: u64,
    /// Of an interval in which every store is polled once.
    pub polls: Polls,
}

/// See [`Measured`].
#[derive(Clone, Debug, Default, Serialize)]
pub struct Polls {
    pub interval_seconds: u64,
    /// Stores that were asked for the first time in it.
    pub polled: u64,
    pub largest_second: u64,
    pub by_second: Vec<u64>,
    pub burst_hundredths: u64,
    pub transactions: u64,
    pub requests: u64,
    pub cpu_ms: u64,
    pub database_cpu_ms: u64,
    pub resident_kib: u64,
    pub peak_kib: u64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} stores", self.stores)?;
        writeln!(
            f,
            "  start     serving after {} ms, every actor in place after {} ms, {} transactions",
            self.serving_ms, self.placed_ms, self.start_transactions
        )?;
        writeln!(
            f,
            "  at rest   {} KiB, that is {} B a store and more",
            self.idle_resident_kib,
            (self.idle_resident_kib << 10) / self.stores.max(1)
        )?;
        writeln!(
            f,
            "  quiet     {} s: {} transactions, CPU {} ms and {} ms of PostgreSQL",
            self.quiet_seconds, self.quiet_transactions, self.quiet_cpu_ms, self.quiet_database_cpu_ms
        )?;
        let Polls { interval_seconds, polled, largest_second, burst_hundredths, .. } = self.polls;
        if interval_seconds == 0 {
            return Ok(());
        }
        let each = |count: u64| count / polled.max(1);
        writeln!(
            f,
            "  polls     {polled} stores in {interval_seconds} s, {largest_second} in the fullest second, {} times the mean",
            decimal(burst_hundredths)
        )?;
        writeln!(
            f,
            "  each      {} requests, {} transactions, CPU {} us and {} us of PostgreSQL",
            each(self.polls.requests),
            each(self.polls.transactions),
            each(self.polls.cpu_ms * 1_000),
            each(self.polls.database_cpu_ms * 1_000)
        )?;
        writeln!(f, "  after     {} KiB, at most {} KiB", self.polls.resident_kib, self.polls.peak_kib)
    }
}

/// Runs one number of stores, and tells by `say` what it is at.
///
/// # Errors
/// If a part does not start. That the product is slow is told by the figures.
pub async fn run(options: &Options, say: &(dyn Fn(&str) + Sync)) -> Result<Measured> {
    say(&format!("{} stores: one is connected, the others are copied", options.stores));
    let ground = prepare(options).await?;
    let mut measured = Measured { stores: options.stores as u64, ..Measured::default() };
    say(&format!("{} stores: the start, and {} s of quiet", options.stores, options.quiet.as_secs()));
    if let Err(error) = idle(options, &ground, &mut measured).await {
        say(&format!("the binary's log is in {}", ground.keep().display()));
        return Err(error);
    }
    if options.poll.is_zero() {
        return Ok(measured);
    }
    say(&format!("{} stores: {} s in which each is polled once", options.stores, options.poll.as_secs()));
    measured.polls = poll(options, &ground).await?;
    Ok(measured)
}

/// Every store connected, nothing running.
async fn prepare(options: &Options) -> Result<Ground> {
    let fleet = FleetConfig {
        stores: 1,
        hosts: options.hosts,
        orders_per_store: RECORDS,
        products_per_store: RECORDS,
        ..FleetConfig::default()
    };
    let mut ground = Ground::open(&options.storewire, &options.folder, fleet).await?;
    first::connect(&ground).await?;
    let data_dir = ground.data_dir();
    copies::make(&ground.fleet, &mut ground.admin, &data_dir, options.stores).await?;
    Ok(ground)
}

/// Starts with nothing due.
async fn idle(options: &Options, ground: &Ground, measured: &mut Measured) -> Result<()> {
    let never = |name| (name, NEVER.to_owned());
    let settings = ["ENGINE__PULL_INTERVAL", "ENGINE__HOOKS_INTERVAL", "ENGINE__SWEEP_INTERVAL"].map(never);
    let mut node = ground.node(&settings)?;
    let before = transactions(&ground.admin).await?;
    let began = Instant::now();
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    measured.serving_ms = millis(began);
    placed(&node, options.stores).await?;
    measured.placed_ms = millis(began);
    measured.start_transactions = settled(&ground.admin).await?.saturating_sub(before);
    let pid = node.pid().context("storewire has ended")?;
    measured.idle_resident_kib = Resident::of(pid)?.now;

    let (transactions_before, cpu_before) = (transactions(&ground.admin).await?, used(&node, ground)?);
    tokio::time::sleep(options.quiet).await;
    let cpu = used(&node, ground)?.since(&cpu_before);
    measured.quiet_seconds = options.quiet.as_secs();
    measured.quiet_transactions = transactions(&ground.admin).await?.saturating_sub(transactions_before);
    (measured.quiet_cpu_ms, measured.quiet_database_cpu_ms) = (ms(cpu.program), ms(cpu.database));
    node.stop().await
}

/// Starts as shipped, and stays for an interval.
async fn poll(options: &Options, ground: &Ground) -> Result<Polls> {
    let interval = format!("{}s", options.poll.as_secs());
    let mut node = ground.node(&[("ENGINE__PULL_INTERVAL", interval.clone()), ("ENGINE__HOOKS_INTERVAL", interval)])?;
    let before = transactions(&ground.admin).await?;
    let began_ms = ground.fleet.now().as_millisecond();
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    placed(&node, options.stores).await?;
    tokio::time::sleep(options.poll + LATE).await;
    let memory = Resident::of(node.pid().context("storewire has ended")?)?;
    let cpu = used(&node, ground)?;
    let after = transactions(&ground.admin).await?;
    node.stop().await?;

    let mut firsts = Vec::with_capacity(options.stores);
    let mut requests = 0;
    for index in 1..=options.stores {
        let calls = ground.fleet.calls(index);
        let mut since = calls.iter().filter(|call| call.at_ms >= began_ms).map(|call| call.at_ms);
        requests += since.clone().count() as u64;
        firsts.extend(since.next());
    }
    let first = firsts.iter().copied().min().unwrap_or_default();
    let spread = Spread::of(firsts.into_iter().map(|at_ms| at_ms - first), options.poll);
    Ok(Polls {
        interval_seconds: spread.seconds,
        polled: spread.count,
        largest_second: spread.largest,
        burst_hundredths: spread.burst_hundredths(),
        by_second: spread.by_second,
        transactions: after.saturating_sub(before),
        requests,
        cpu_ms: ms(cpu.program),
        database_cpu_ms: ms(cpu.database),
        resident_kib: memory.now,
        peak_kib: memory.peak,
    })
}

/// Waits until every store has its actor.
async fn placed(node: &Node, stores: usize) -> Result<()> {
    let deadline = Instant::now() + START_WITHIN;
    let metrics = Api::open(node.metrics);
    loop {
        let request = Request::builder().method(Method::GET).uri("/metrics").header("host", node.metrics.to_string());
        if let Ok((_, page)) = metrics.send(request.body(Full::default())?).await
            && actors(&String::from_utf8_lossy(&page)) >= stores as u64
        {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "not every store has its actor within {START_WITHIN:?}\n{}", node.tail());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn actors(page: &str) -> u64 {
    let line = page.lines().find_map(|line| line.strip_prefix("storewire_actor_count "));
    line.and_then(|count| count.trim().split('.').next()?.parse().ok()).unwrap_or_default()
}

/// Waits until the start's work is done: a second that has no more transactions than the one before, and few.
async fn settled(admin: &Client) -> Result<u64> {
    let deadline = Instant::now() + START_WITHIN;
    let mut last = transactions(admin).await?;
    loop {
        let now = transactions(admin).await?;
        if now.saturating_sub(last) < FEW {
            return Ok(now);
        }
        ensure!(Instant::now() < deadline, "the start's work does not end within {START_WITHIN:?}");
        last = now;
    }
}

/// Less than this from one look at PostgreSQL's counters to the next is what a node without stores does.
const FEW: u64 = 60;

/// Transactions that ended so far.
async fn transactions(admin: &Client) -> Result<u64> {
    tokio::time::sleep(COUNTERS_LAG).await;
    let sql = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    let count: i64 = admin.query_one(sql, &[]).await?.try_get(0)?;
    Ok(u64::try_from(count)?)
}

fn used(node: &Node, ground: &Ground) -> Result<cpu::Used> {
    let program = cpu::of_tree(node.pid().context("storewire has ended")?)?;
    Ok(cpu::Used { program, database: cpu::of_tree(ground.database.pid()?)? })
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn millis(since: Instant) -> u64 {
    ms(since.elapsed())
}
