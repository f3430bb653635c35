//! Intake: deliveries acknowledged per second, beside the same rows inserted bare in the same run.

mod told;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;

use crate::latency::Percentiles;
use crate::report::{Environment, hundredths, load, median, micros_each, per_second};
use crate::rig::{Rig, RigOptions};
use crate::timing::Timing;
use crate::{bare, closed};

/// What was acknowledged in a round is applied after it, and waited for, so that no round disturbs the next.
const DRAIN_WITHIN: Duration = Duration::from_secs(600);

/// How many post at once.
#[derive(Args, Clone, Debug)]
pub struct IngestFlags {
    /// Numbers of connections, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [32, 128])]
    pub concurrency: Vec<usize>,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct IngestReport {
    pub environment: Environment,
    pub stores: usize,
    pub seconds: u64,
    pub body_bytes: usize,
    /// The tables were not analyzed before the run.
    pub is_fresh: bool,
    pub results: Vec<IngestResult>,
    /// Rows in the inbox beyond those that were acknowledged; anything but 0 fails the run.
    pub stored_beyond_acknowledged: i64,
}

/// One number of connections, medians over its rounds.
#[derive(Debug, Serialize)]
pub struct IngestResult {
    pub connections: usize,
    /// Of deliveries that were taken in and left alone: what the limit does too.
    pub taken: Taken,
    pub acked_per_second: u64,
    /// Binary and database, per delivery, while they came in; what is applied meanwhile included.
    pub cpu_us_while_taking: u64,
    pub cpu_of_database_us_while_taking: u64,
    /// The same until every delivery was applied: the whole price of one.
    pub cpu_us_until_applied: u64,
    pub applied_per_second: u64,
    pub times: Percentiles,
    pub limit_rows_per_second: u64,
    /// Database only.
    pub limit_cpu_us: u64,
    /// Acknowledged to limit.
    pub ratio_hundredths: u64,
    pub rounds: Vec<IngestRound>,
}

/// Deliveries that came in while every store was paused.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Taken {
    pub acked: u64,
    pub acked_per_second: u64,
    /// Binary and database, per delivery.
    pub cpu_us: u64,
    /// The same for what is done with each when the stores go on.
    pub cpu_us_of_applying: u64,
    pub times: Percentiles,
    pub ratio_hundredths: u64,
}

/// One round of each.
#[derive(Debug, Serialize)]
pub struct IngestRound {
    pub taken: Taken,
    pub acked: u64,
    pub refused: u64,
    pub acked_per_second: u64,
    pub cpu_us_while_taking: u64,
    pub cpu_of_database_us_while_taking: u64,
    pub cpu_us_until_applied: u64,
    pub applied_per_second: u64,
    pub times: Percentiles,
    pub limit_rows_per_second: u64,
    pub limit_cpu_us: u64,
}

/// Measures, prints and answers.
///
/// # Errors
/// If a part fails, a delivery is refused, or the inbox does not hold exactly what was acknowledged.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &IngestFlags) -> Result<IngestReport> {
    ensure!(!flags.concurrency.contains(&0), "a concurrency of 0 posts nothing");
    let load_before = load();
    let rig = Rig::start(rig_options).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;
    bare::prepare(rig.admin()).await?;
    // The first requests open connections and load code on both sides.
    let warm = closed::run(&rig, 8, Duration::from_secs(1)).await?;
    rig.drain(DRAIN_WITHIN).await?;
    if !timing.is_fresh {
        rig.analyze().await?;
    }

    let mut acked = warm.acked;
    let mut results = Vec::new();
    for &connections in &flags.concurrency {
        let mut rounds = Vec::new();
        for number in 1..=timing.rounds {
            let round = round(&rig, connections, timing.step()).await?;
            acked += round.acked + round.taken.acked;
            eprintln!(
                "c{connections} round {number}: {}/s taken, {} us each; {}/s with what is done with them, {} us each; limit {}/s, {} us",
                round.taken.acked_per_second,
                round.taken.cpu_us,
                round.applied_per_second,
                round.cpu_us_until_applied,
                round.limit_rows_per_second,
                round.limit_cpu_us
            );
            rounds.push(round);
        }
        results.push(summary(connections, rounds));
    }
    let stored_beyond_acknowledged = i64::try_from(rig.stored().await?)? - i64::try_from(acked)?;
    let not_applied = rig.not_applied().await?;
    let body_bytes = rig.source.body(0)?.len();
    rig.stop().await?;

    let report = IngestReport {
        environment,
        stores: rig_options.stores,
        seconds: timing.seconds,
        body_bytes,
        is_fresh: timing.is_fresh,
        results,
        stored_beyond_acknowledged,
    };
    report.print();
    ensure!(
        stored_beyond_acknowledged == 0,
        "the inbox holds {stored_beyond_acknowledged:+} rows beside those acknowledged"
    );
    ensure!(not_applied == 0, "{not_applied} deliveries were not applied, though each was a true change");
    Ok(report)
}

/// Takes deliveries in while every store rests; then lets them go on, until each is applied.
async fn take(rig: &Rig, connections: usize, time: Duration) -> Result<Taken> {
    rig.pause().await?;
    rig.settle().await?;
    let before = rig.cpu()?;
    let posted = closed::run(rig, connections, time).await?;
    let taken = rig.cpu()?;
    ensure!(posted.refused == 0, "{} deliveries were refused under load", posted.refused);
    rig.resume().await?;
    rig.drain(DRAIN_WITHIN).await?;
    Ok(Taken {
        acked: posted.acked,
        acked_per_second: per_second(posted.acked, posted.took),
        cpu_us: micros_each(taken.since(&before).total(), posted.acked),
        cpu_us_of_applying: micros_each(rig.cpu()?.since(&taken).total(), posted.acked),
        times: posted.times,
        ratio_hundredths: 0,
    })
}

async fn round(rig: &Rig, connections: usize, time: Duration) -> Result<IngestRound> {
    let mut taken = take(rig, connections, time).await?;
    rig.settle().await?;
    let (before, started) = (rig.cpu()?, Instant::now());
    let posted = closed::run(rig, connections, time).await?;
    let all_taken = rig.cpu()?;
    ensure!(posted.refused == 0, "{} deliveries were refused under load", posted.refused);
    rig.drain(DRAIN_WITHIN).await?;
    let (applied, applied_after) = (rig.cpu()?, started.elapsed());

    rig.settle().await?;
    let database = rig.database_cpu()?;
    let limit = bare::run(rig, time).await?;
    let limit_cpu = rig.database_cpu()?.saturating_sub(database);
    let limit_rows_per_second = per_second(limit.rows, limit.took);
    taken.ratio_hundredths = hundredths(taken.acked_per_second, limit_rows_per_second);
    Ok(IngestRound {
        taken,
        acked: posted.acked,
        refused: posted.refused,
        acked_per_second: per_second(posted.acked, posted.took),
        cpu_us_while_taking: micros_each(all_taken.since(&before).total(), posted.acked),
        cpu_of_database_us_while_taking: micros_each(all_taken.since(&before).database, posted.acked),
        cpu_us_until_applied: micros_each(applied.since(&before).total(), posted.acked),
        applied_per_second: per_second(posted.acked, applied_after),
        times: posted.times,
        limit_rows_per_second,
        limit_cpu_us: micros_each(limit_cpu, limit.rows),
    })
}

fn summary(connections: usize, rounds: Vec<IngestRound>) -> IngestResult {
    let of = |pick: fn(&IngestRound) -> u64| median(rounds.iter().map(pick));
    let times: Vec<Percentiles> = rounds.iter().map(|round| round.times).collect();
    let times_of_taken: Vec<Percentiles> = rounds.iter().map(|round| round.taken.times).collect();
    IngestResult {
        connections,
        taken: Taken {
            acked: of(|round| round.taken.acked),
            acked_per_second: of(|round| round.taken.acked_per_second),
            cpu_us: of(|round| round.taken.cpu_us),
            cpu_us_of_applying: of(|round| round.taken.cpu_us_of_applying),
            times: Percentiles::median(&times_of_taken),
            ratio_hundredths: of(|round| round.taken.ratio_hundredths),
        },
        acked_per_second: of(|round| round.acked_per_second),
        cpu_us_while_taking: of(|round| round.cpu_us_while_taking),
        cpu_of_database_us_while_taking: of(|round| round.cpu_of_database_us_while_taking),
        cpu_us_until_applied: of(|round| round.cpu_us_until_applied),
        applied_per_second: of(|round| round.applied_per_second),
        times: Percentiles::median(&times),
        limit_rows_per_second: of(|round| round.limit_rows_per_second),
        limit_cpu_us: of(|round| round.limit_cpu_us),
        // The median of each round's own ratio: its two halves ran side by side.
        ratio_hundredths: of(|round| hundredths(round.acked_per_second, round.limit_rows_per_second)),
        rounds,
    }
}
