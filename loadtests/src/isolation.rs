//! Fairness: how late quiet shops are seen while one floods, beside the same shops without the flood.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Serialize;
use storewire_domain::Clock;

use crate::closed::{self, Flood};
use crate::held;
use crate::latency::Percentiles;
use crate::live::DRAIN_WITHIN;
use crate::open::{self, Stage, StepResult, Webhooks};
use crate::poster::Poster;
use crate::report::{Environment, load, median, micros_each, ms, per_second};
use crate::rig::{Rig, RigOptions};
use crate::row::{Goal, Row, Unit};
use crate::source::Source;
use crate::tally::Notes;
use crate::timing::Timing;
use crate::watch::{self, Socket};

const SEED_CONNECTIONS: usize = 32;
/// Enough for the quiet ones never to wait for each other.
const QUIET_CONNECTIONS: usize = 64;
/// Numbers of the flood's events begin here, far above those of the quiet shops.
const FLOOD_FROM: u64 = 1_000_000_000;
/// The flood is of so many times the orders: one that is told of a dozen times a minute is a storm, and then its store is asked.
const FLOOD_ORDERS: u64 = 20;

/// Who floods, and how quiet the others are.
#[derive(Args, Clone, Debug)]
pub struct IsolationFlags {
    /// Events a second of each quiet shop
    #[arg(long, default_value_t = 20)]
    pub quiet_rate: u64,
    /// Connections of the shop that floods, each posting as soon as it was answered
    #[arg(long, default_value_t = 32)]
    pub flood_connections: usize,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct IsolationReport {
    pub environment: Environment,
    pub quiet_shops: usize,
    pub rounds: Vec<IsolationRound>,
    /// Deliveries that were set aside, ignored or not stored, of both kinds.
    pub lost: u64,
    pub rows: Vec<Row>,
}

/// One round: alone, then in the flood.
#[derive(Debug, Serialize)]
pub struct IsolationRound {
    pub alone: StepResult,
    pub flooded: StepResult,
    pub flood_acked: u64,
    pub flood_per_second: u64,
    pub flood_refused: u64,
    pub flood_times: Percentiles,
    /// Binary and database, over all events of the flooded step.
    pub cpu_us: u64,
}

struct Run {
    rig: Rig,
    quiet: Arc<Source>,
    loud: Arc<Source>,
    watchers: Vec<Notes>,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &IsolationFlags) -> Result<IsolationReport> {
    ensure!(rig_options.stores > 1 && flags.quiet_rate > 0, "one shop floods, and the others are seen");
    let load_before = load();
    let run = Run::start(rig_options).await?;
    let environment = Environment::look(&rig_options.storewire, run.rig.postgres_version.clone(), load_before)?;
    let quiet_shops = rig_options.stores - 1;
    let rate = flags.quiet_rate * u64::try_from(quiet_shops)?;
    // What is loaded at the first step is no part of any.
    run.alone(rate, rate).await?;
    let (mut rounds, mut posted) = (Vec::new(), rate);
    for number in 1..=timing.rounds {
        let count = rate * timing.seconds;
        let alone = run.alone(rate, count).await?;
        let round = run.flooded(rate, count, flags.flood_connections, alone).await?;
        eprintln!("round {number}: {}", round.told());
        posted += 2 * count;
        rounds.push(round);
    }
    let flooded: u64 = rounds.iter().map(|round| round.flood_acked).sum();
    let refused: u64 = rounds.iter().map(|round| round.alone.refused + round.flooded.refused).sum();
    let acknowledged = run.quiet.period() + run.loud.period() + posted - refused + flooded;
    let missing = acknowledged.abs_diff(run.rig.stored().await?);
    let lost = missing + run.behind(refused).await?;
    run.rig.stop().await?;
    let rows = rows(&rounds, lost);
    Ok(IsolationReport { environment, quiet_shops, rounds, lost, rows })
}

impl Run {
    async fn start(rig_options: &RigOptions) -> Result<Self> {
        let rig = Rig::start(rig_options).await?;
        let (loud, quiet) = rig.shops.split_first().context("no shop")?;
        let (now, orders) = (Clock::system().now(), rig_options.orders);
        let quiet = Arc::new(Source::new(quiet.to_vec(), orders, now)?);
        let loud = Arc::new(Source::new(vec![loud.clone()], orders * FLOOD_ORDERS, now)?.from(FLOOD_FROM));
        // Every order's first version, so that what is measured are changes of orders we hold.
        closed::post_first(rig.address, &quiet, SEED_CONNECTIONS, quiet.period()).await?;
        closed::post_first(rig.address, &loud, SEED_CONNECTIONS, FLOOD_FROM + loud.period()).await?;
        rig.drain(DRAIN_WITHIN).await?;
        rig.analyze().await?;
        let watchers = vec![watch::open(rig.address, Socket::Api, &rig.bearer).await?];
        Ok(Self { rig, quiet, loud, watchers })
    }

    /// The quiet shops at a rate, and nobody else.
    async fn alone(&self, rate: u64, count: u64) -> Result<StepResult> {
        self.rig.settle().await?;
        let step = self.step(rate, count).await?;
        self.rig.drain(DRAIN_WITHIN).await?;
        Ok(step)
    }

    /// The same while one shop posts as fast as it is answered.
    async fn flooded(&self, rate: u64, count: u64, connections: usize, alone: StepResult) -> Result<IsolationRound> {
        self.rig.settle().await?;
        let used = self.rig.cpu()?;
        let flood = Flood::begin(self.rig.address, Arc::clone(&self.loud), connections);
        let flooded = self.step(rate, count).await;
        let flood = flood.end().await?;
        self.rig.drain(DRAIN_WITHIN).await?;
        let used = self.rig.cpu()?.since(&used).total();
        Ok(IsolationRound {
            alone,
            flooded: flooded?,
            flood_acked: flood.acked,
            flood_per_second: per_second(flood.acked, flood.took),
            flood_refused: flood.refused,
            flood_times: flood.times,
            cpu_us: micros_each(used, count + flood.acked),
        })
    }

    /// Orders that our copy does not hold as they were last told.
    async fn behind(&self, refused: u64) -> Result<u64> {
        ensure!(refused == 0, "{refused} deliveries of quiet shops were refused");
        let (admin, of_quiet, of_loud) = (self.rig.admin(), 0..self.quiet.take(0), FLOOD_FROM..self.loud.take(0));
        let quiet = held::behind(admin, &self.quiet, of_quiet.clone(), of_quiet).await?;
        Ok(quiet + held::behind(admin, &self.loud, of_loud.clone(), of_loud).await?)
    }

    async fn step(&self, rate: u64, count: u64) -> Result<StepResult> {
        let mut posters = Vec::with_capacity(QUIET_CONNECTIONS);
        for _ in 0..QUIET_CONNECTIONS {
            let poster = Poster::connect(self.rig.address).await?;
            posters.push(Webhooks { poster, source: Arc::clone(&self.quiet) });
        }
        let stage = Stage { notes: &self.watchers, period: self.quiet.period(), cpu: || self.rig.cpu() };
        open::run(&stage, posters, self.quiet.take(count), count, rate).await
    }
}

impl IsolationRound {
    fn told(&self) -> String {
        let late = |step: &StepResult| format!("p50 {}, p99 {} ms", ms(step.times.p50_us), ms(step.times.p99_us));
        format!(
            "alone {}; in a flood of {}/s {}, lost {}, {} us/event",
            late(&self.alone),
            self.flood_per_second,
            late(&self.flooded),
            self.alone.lost + self.flooded.lost,
            self.cpu_us
        )
    }
}

fn rows(rounds: &[IsolationRound], lost: u64) -> Vec<Row> {
    let of = |pick: fn(&IsolationRound) -> u64| median(rounds.iter().map(pick));
    let row = |text, unit, ours, limit, goal| Row::new("B6", text, unit, ours, limit, goal);
    let (half, half_alone) = (of(|round| round.flooded.times.p50_us), of(|round| round.alone.times.p50_us));
    let (late, late_alone) = (of(|round| round.flooded.times.p99_us), of(|round| round.alone.times.p99_us));
    let refused = rounds.iter().map(|round| round.alone.refused + round.flooded.refused + round.flood_refused).sum();
    let unseen: u64 = rounds.iter().map(|round| round.alone.lost + round.flooded.lost).sum();
    vec![
        row("CPU per event in the flood", Unit::Micros, of(|round| round.cpu_us), 0, Goal::Told),
        row("taken of the flood", Unit::PerSecond, of(|round| round.flood_per_second), 0, Goal::Told),
        row("p99 of quiet shops, beside it alone", Unit::Millis, late, late_alone, Goal::AtMost(200)),
        row("p50 of quiet shops, beside it alone", Unit::Millis, half, half_alone, Goal::Told),
        Row::none("B6", "lost or unseen", lost + unseen),
        Row::none("B6", "refused", refused),
    ]
}
