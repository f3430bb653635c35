//! Webhook to socket: how late a change is on a watcher's screen and what it costs, beside the limit in the same run.

mod told;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;

use crate::cpu::{self, Used};
use crate::floor::{Floor, Kind};
use crate::ladder::{Knee, climb};
use crate::latency::Percentiles;
use crate::open::{self, Stage, StepResult, Webhooks, connections};
use crate::poster::Poster;
use crate::report::{Environment, load, median};
use crate::rig::{Rig, RigOptions};
use crate::tally::Notes;
use crate::timing::Timing;
use crate::watch::{self, Socket};
use crate::{bare, closed};

const SEED_CONNECTIONS: usize = 32;
/// What was posted in a step is applied within this time.
pub(crate) const DRAIN_WITHIN: Duration = Duration::from_secs(300);

/// At which rates, and who watches.
#[derive(Args, Clone, Debug)]
pub struct LiveFlags {
    /// Events per second at which the rounds are made
    #[arg(long, default_value_t = 200)]
    pub rate: u64,
    /// Higher rates to try in turn until one is not carried
    #[arg(long, value_delimiter = ',', default_values_t = [400, 800, 1_600, 3_200, 6_400])]
    pub ladder: Vec<u64>,
    /// Sockets, each of which sees every store
    #[arg(long, default_value_t = 20)]
    pub watchers: usize,
    /// Which socket they open
    #[arg(long, value_enum, default_value_t = Socket::Api)]
    pub socket: Socket,
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
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &LiveFlags) -> Result<LiveReport> {
    ensure!(flags.rate * flags.watchers as u64 > 0 && !flags.ladder.contains(&0), "rates and watchers start at 1");
    let load_before = load();
    let run = Run::start(rig_options, timing, flags).await?;
    let environment = Environment::look(&rig_options.storewire, run.rig.postgres_version.clone(), load_before)?;
    let idle_cpu_us_per_second = run.rig.idle().await?;
    // What is loaded and connected at the first step is no part of any.
    run.compare(flags.rate, Duration::from_secs(2)).await?;
    let mut rounds = Vec::new();
    for number in 1..=timing.rounds {
        let round = run.compare(flags.rate, timing.step()).await?;
        eprintln!("{}/s round {number}: {}", flags.rate, round.told());
        rounds.push(round);
    }
    let base = Comparison::median(&rounds);
    let (ladder, knee, first_rate_not_carried) = climb(&run, &base, &flags.ladder).await?;
    run.stop().await?;

    let report = LiveReport {
        environment,
        stores: rig_options.stores,
        orders_per_store: rig_options.orders,
        watchers: flags.watchers,
        socket: format!("{:?}", flags.socket).to_lowercase(),
        seconds: timing.seconds,
        is_fresh: timing.is_fresh,
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
    async fn start(rig_options: &RigOptions, timing: Timing, flags: &LiveFlags) -> Result<Self> {
        let rig = Rig::start(rig_options).await?;
        bare::prepare(rig.admin()).await?;
        let floor = Floor::start(Kind::Live, rig.admin_url()).await?;
        // Every order's first version, so that what is measured are changes of orders we hold.
        closed::post(&rig, SEED_CONNECTIONS, rig.source.period()).await?;
        rig.drain(DRAIN_WITHIN).await?;
        if !timing.is_fresh {
            rig.analyze().await?;
        }
        let (mut watchers, mut floor_watchers) = (Vec::new(), Vec::new());
        for _ in 0..flags.watchers {
            watchers.push(watch::open(rig.address, flags.socket, &rig.bearer).await?);
            floor_watchers.push(floor.watch().await?);
        }
        Ok(Self { rig, floor, watchers, floor_watchers, time: timing.step() })
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
        let mut posters = Vec::with_capacity(connections(rate));
        for _ in 0..connections(rate) {
            let poster = Poster::connect(self.rig.address).await?;
            posters.push(Webhooks { poster, source: Arc::clone(&self.rig.source) });
        }
        let stage = Stage { notes: &self.watchers, period: self.rig.source.period(), cpu: || self.rig.cpu() };
        let count = rate * time.as_secs();
        open::run(&stage, posters, self.rig.source.take(count), count, rate).await
    }

    async fn limit(&self, rate: u64, time: Duration) -> Result<StepResult> {
        self.rig.settle().await?;
        let mut posters = Vec::with_capacity(connections(rate));
        for _ in 0..connections(rate) {
            posters.push(self.floor.poster(Arc::clone(&self.rig.source)).await?);
        }
        let cpu = || Ok(Used { program: cpu::of_tree(self.floor.pid()?)?, database: self.rig.database_cpu()? });
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
}
