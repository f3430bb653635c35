//! Webhook to socket: how late a change is on a watcher's screen and what it costs, beside the limit in the same run.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::cpu::{self, Used};
use crate::floor::Floor;
use crate::ladder::{Knee, climb};
use crate::latency::Percentiles;
use crate::open::{self, CONNECTIONS, Stage, StepResult, Webhooks};
use crate::poster::Poster;
use crate::report::{Environment, decimal, hundredths, load, median, ms, table};
use crate::rig::{Rig, RigOptions};
use crate::tally::Notes;
use crate::watch::{self, Socket};
use crate::{bare, closed};

const SEED_CONNECTIONS: usize = 32;
const DRAIN_WITHIN: Duration = Duration::from_secs(300);

/// How to measure.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    pub rate: u64,
    /// Higher rates, tried until one is not carried.
    pub ladder: Vec<u64>,
    pub time: Duration,
    pub rounds: usize,
    pub watchers: usize,
    pub socket: Socket,
    /// Measures the first minute of an installation, before its tables were ever analyzed.
    pub is_fresh: bool,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct LiveReport {
    pub environment: Environment,
    pub stores: usize,
    pub orders_per_store: u64,
    pub watchers: usize,
    pub socket: String,
    pub seconds: u64,
    /// The tables were not analyzed before the run.
    pub is_fresh: bool,
    /// Binary and database with all sockets open and nothing to do; part of every event's price at low rates.
    pub idle_cpu_us_per_second: u64,
    /// The base rate, medians over its rounds.
    pub base: Comparison,
    pub rounds: Vec<Comparison>,
    pub ladder: Vec<Comparison>,
    pub knee: Knee,
    /// 0 if the last rate of the ladder was carried as well.
    pub first_rate_not_carried: u64,
}

/// The product and the limit at one rate, one after the other.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub storewire: StepResult,
    pub limit: StepResult,
}

/// A run under way.
pub(crate) struct Run {
    pub(crate) rig: Rig,
    floor: Floor,
    watchers: Vec<Notes>,
    floor_watchers: Vec<Notes>,
    time: Duration,
}

/// Measures, prints and answers.
///
/// # Errors
/// If a part fails, or anything is lost at the base rate.
pub async fn run(rig_options: &RigOptions, options: &LiveOptions) -> Result<LiveReport> {
    let load_before = load();
    let run = Run::start(rig_options, options).await?;
    let environment = Environment::look(&rig_options.storewire, run.rig.postgres_version.clone(), load_before)?;
    let idle_cpu_us_per_second = run.rig.idle().await?;
    // What is loaded and connected at the first step is no part of any.
    run.compare(options.rate, Duration::from_secs(2)).await?;
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let round = run.compare(options.rate, options.time).await?;
        eprintln!("{}/s round {number}: {}", options.rate, round.told());
        rounds.push(round);
    }
    let base = Comparison::median(&rounds);
    let (ladder, knee, first_rate_not_carried) = climb(&run, &base, &options.ladder).await?;
    run.stop().await?;

    let report = LiveReport {
        environment,
        stores: rig_options.stores,
        orders_per_store: rig_options.orders,
        watchers: options.watchers,
        socket: format!("{:?}", options.socket).to_lowercase(),
        seconds: options.time.as_secs(),
        is_fresh: options.is_fresh,
        idle_cpu_us_per_second,
        base,
        rounds,
        ladder,
        knee,
        first_rate_not_carried,
    };
    report.print();
    ensure!(report.base.storewire.refused + report.base.storewire.lost == 0, "deliveries were lost at the base rate");
    Ok(report)
}

impl Run {
    async fn start(rig_options: &RigOptions, options: &LiveOptions) -> Result<Self> {
        let rig = Rig::start(rig_options).await?;
        bare::prepare(rig.admin()).await?;
        let floor = Floor::start(rig.admin_url()).await?;
        // Every order's first version, so that what is measured are changes of orders we hold.
        closed::post(&rig, SEED_CONNECTIONS, rig.source.period()).await?;
        rig.drain(DRAIN_WITHIN).await?;
        if !options.is_fresh {
            rig.analyze().await?;
        }
        let (mut watchers, mut floor_watchers) = (Vec::new(), Vec::new());
        for _ in 0..options.watchers {
            watchers.push(watch::open(rig.address, options.socket, &rig.bearer).await?);
            floor_watchers.push(floor.watch().await?);
        }
        Ok(Self { rig, floor, watchers, floor_watchers, time: options.time })
    }

    /// The product, then the limit, at a rate, for the usual time.
    pub(crate) async fn compare_at(&self, rate: u64) -> Result<Comparison> {
        self.compare(rate, self.time).await
    }

    async fn compare(&self, rate: u64, time: Duration) -> Result<Comparison> {
        let storewire = self.storewire(rate, time).await?;
        self.rig.drain(DRAIN_WITHIN).await?;
        let limit = self.limit(rate, time).await?;
        self.rig.admin().batch_execute("TRUNCATE bare_inbox").await?;
        Ok(Comparison { storewire, limit })
    }

    async fn storewire(&self, rate: u64, time: Duration) -> Result<StepResult> {
        self.rig.settle().await?;
        let mut posters = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let poster = Poster::connect(self.rig.address).await?;
            posters.push(Webhooks { poster, source: Arc::clone(&self.rig.source) });
        }
        let stage = Stage { notes: &self.watchers, period: self.rig.source.period(), cpu: || self.rig.cpu() };
        let count = rate * time.as_secs();
        open::run(&stage, posters, self.rig.source.take(count), count, rate).await
    }

    async fn limit(&self, rate: u64, time: Duration) -> Result<StepResult> {
        self.rig.settle().await?;
        let mut posters = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            posters.push(self.floor.poster(Arc::clone(&self.rig.source)).await?);
        }
        let cpu = || {
            let pid = self.floor.pid().context("the limit's process has ended")?;
            Ok(Used { program: cpu::of_tree(pid)?, database: self.rig.database_cpu()? })
        };
        let stage = Stage { notes: &self.floor_watchers, period: self.rig.source.period(), cpu };
        let count = rate * time.as_secs();
        open::run(&stage, posters, self.rig.source.take(count), count, rate).await
    }

    async fn stop(self) -> Result<()> {
        self.floor.stop().await?;
        self.rig.stop().await
    }
}

impl Comparison {
    /// Each figure's median.
    fn median(rounds: &[Self]) -> Self {
        let of = |pick: fn(&Self) -> &StepResult| StepResult {
            rate: median(rounds.iter().map(|round| pick(round).rate)),
            posted: median(rounds.iter().map(|round| pick(round).posted)),
            // Of these no round is forgiven for the others.
            refused: rounds.iter().map(|round| pick(round).refused).max().unwrap_or_default(),
            folded: rounds.iter().map(|round| pick(round).folded).max().unwrap_or_default(),
            lost: rounds.iter().map(|round| pick(round).lost).max().unwrap_or_default(),
            times: Percentiles::median(&rounds.iter().map(|round| pick(round).times).collect::<Vec<_>>()),
            cpu_us: median(rounds.iter().map(|round| pick(round).cpu_us)),
            cpu_of_database_us: median(rounds.iter().map(|round| pick(round).cpu_of_database_us)),
            took_ms: median(rounds.iter().map(|round| pick(round).took_ms)),
        };
        Self { storewire: of(|round| &round.storewire), limit: of(|round| &round.limit) }
    }

    /// In one line, while the run goes on.
    pub(crate) fn told(&self) -> String {
        let one = |step: &StepResult| {
            let (p50, p99) = (ms(step.times.p50_us), ms(step.times.p99_us));
            format!(
                "p50 {p50} ms, p99 {p99} ms, {} us/event, lost {}, refused {}",
                step.cpu_us, step.lost, step.refused
            )
        };
        format!("{} | limit {}", one(&self.storewire), one(&self.limit))
    }

    fn row(&self) -> Vec<String> {
        let (ours, limit) = (&self.storewire, &self.limit);
        vec![
            ours.rate.to_string(),
            ms(ours.times.p50_us),
            ms(ours.times.p99_us),
            ms(ours.cpu_us),
            ms(ours.cpu_of_database_us),
            ours.folded.to_string(),
            (ours.lost + ours.refused).to_string(),
            ms(limit.times.p50_us),
            ms(limit.times.p99_us),
            ms(limit.cpu_us),
            decimal(hundredths(ours.times.p50_us, limit.times.p50_us)),
            decimal(hundredths(ours.times.p99_us, limit.times.p99_us)),
            decimal(hundredths(ours.cpu_us, limit.cpu_us)),
        ]
    }
}

impl LiveReport {
    fn print(&self) {
        println!(
            "\nlive: webhook to {} socket, {} stores, {} watchers of all of them, open loop, delay from when an event was due",
            self.socket, self.stores, self.watchers
        );
        let rows: Vec<Vec<String>> = std::iter::once(&self.base).chain(&self.ladder).map(Comparison::row).collect();
        let head = [
            "events/s",
            "p50 ms",
            "p99 ms",
            "CPU ms each",
            "database's",
            "folded",
            "lost",
            "limit p50",
            "limit p99",
            "limit CPU",
            "p50 ratio",
            "p99 ratio",
            "CPU ratio",
        ];
        table(&head, &rows);
        println!("idle: {} ms of CPU a second", ms(self.idle_cpu_us_per_second));
        println!("{}", self.knee.told(self.first_rate_not_carried));
    }
}
