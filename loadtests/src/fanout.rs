//! Fan-out: what it costs to show one change to a thousand sockets, how many frames a second are carried, and what an
//! idle socket weighs, beside a bare program that writes one message to every socket.

mod idle;
mod step;

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;

use crate::closed;
use crate::crowd::Crowd;
use crate::floor::{Floor, Kind};
use crate::live::DRAIN_WITHIN;
use crate::report::{Environment, load};
use crate::rig::{Rig, RigOptions};
use crate::row::{Goal, Row, Unit};
use crate::timing::Timing;

use idle::Idle;
use step::{Broadcast, Fan, Ours, Side};

const SEED_CONNECTIONS: usize = 32;
/// What was measured of socket.io, less a tenth: 14.7 KB.
const IDLE_GOAL_BYTES: u64 = 13_230;

/// How many sockets, and how often they are all told something.
#[derive(Args, Clone, Debug)]
pub struct FanoutFlags {
    /// Sockets at whose pace the price of a frame is taken
    #[arg(long, default_value_t = 1_000)]
    pub sockets: usize,
    /// Changes a second that they are shown
    #[arg(long, default_value_t = 20)]
    pub changes: u64,
    /// Sockets that are shown more than can be carried
    #[arg(long, default_value_t = 2_000)]
    pub storm_sockets: usize,
    /// Changes a second that those are shown
    #[arg(long, default_value_t = 100)]
    pub storm_changes: u64,
    /// Sockets that are weighed while nothing happens; 0 leaves it out
    #[arg(long, default_value_t = 10_000)]
    pub idle_sockets: usize,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct FanoutReport {
    pub environment: Environment,
    pub seconds: u64,
    pub frame_bytes: u64,
    pub calm: Pair,
    pub storm: Pair,
    pub idle: Option<(Idle, Idle)>,
    pub rows: Vec<Row>,
}

/// Medians of the product and of the limit, by turns.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    pub sockets: usize,
    pub storewire: Fan,
    pub limit: Fan,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &FanoutFlags) -> Result<FanoutReport> {
    ensure!(flags.sockets * flags.storm_sockets > 0 && flags.changes * flags.storm_changes > 0, "nothing to fan out");
    let load_before = load();
    // One shop: its frames are numbered without a gap, so that what is lost can be counted.
    let mut rig = Rig::start(&RigOptions { stores: 1, ..rig_options.clone() }).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;
    closed::post(&rig, SEED_CONNECTIONS, rig.source.period()).await?;
    rig.drain(DRAIN_WITHIN).await?;
    rig.analyze().await?;

    let frame_bytes = weigh_a_frame(&rig).await?;
    let idle = if flags.idle_sockets > 0 {
        // What it freed before would hide what sockets take.
        rig.restart().await?;
        Some(idle::compare(&rig, frame_bytes, flags.idle_sockets).await?)
    } else {
        None
    };
    let calm = compare(&rig, timing, frame_bytes, (flags.sockets, flags.changes)).await?;
    let storm = compare(&rig, timing, frame_bytes, (flags.storm_sockets, flags.storm_changes)).await?;
    rig.stop().await?;
    let rows = rows(&calm, &storm, idle.as_ref());
    Ok(FanoutReport { environment, seconds: timing.seconds, frame_bytes, calm, storm, idle, rows })
}

/// How long a frame of ours is, so that the limit's are as long.
async fn weigh_a_frame(rig: &Rig) -> Result<u64> {
    let ours = Ours { rig, crowd: Crowd::gather(rig.address, step::PATH, &step::login(rig), 1).await? };
    let told = ours.tell(10, 10).await?;
    ensure!(told.frames > 0, "no change reached a socket");
    Ok(told.bytes / told.frames)
}

async fn compare(rig: &Rig, timing: Timing, frame_bytes: u64, (sockets, rate): (usize, u64)) -> Result<Pair> {
    let ours = Ours { rig, crowd: Crowd::gather(rig.address, step::PATH, &step::login(rig), sockets).await? };
    let mut floor = Floor::start(Kind::Broadcast, &frame_bytes.to_string()).await?;
    let poster = floor.broadcaster()?;
    let crowd = Crowd::gather(floor.address(), "/", "", sockets).await?;
    let limit = Broadcast { floor: &floor, crowd, poster, source: &rig.source };
    // What is loaded at the first step is no part of any.
    ours.tell(rate, rate).await?;
    limit.tell(rate, rate).await?;
    let (mut of_ours, mut of_limit) = (Vec::new(), Vec::new());
    for number in 1..=timing.rounds {
        rig.settle().await?;
        of_ours.push(ours.tell(rate * timing.seconds, rate).await?);
        of_limit.push(limit.tell(rate * timing.seconds, rate).await?);
        if let Some((ours, limit)) = of_ours.last().zip(of_limit.last()) {
            eprintln!("{sockets} sockets, {rate}/s, round {number}: {ours} | limit {limit}");
        }
    }
    drop((ours, limit));
    floor.stop().await?;
    Ok(Pair { sockets, storewire: Fan::median(&of_ours), limit: Fan::median(&of_limit) })
}

fn rows(calm: &Pair, storm: &Pair, idle: Option<&(Idle, Idle)>) -> Vec<Row> {
    let what = |figure: &str, pair: &Pair| format!("{figure}, {} sockets, {}/s", pair.sockets, pair.storewire.rate);
    let row = |text, unit, ours, limit, goal| Row::new("B2", text, unit, ours, limit, goal);
    let price = (calm.storewire.cpu_us_hundredths, calm.limit.cpu_us_hundredths);
    let carried = (storm.storewire.per_second, storm.limit.per_second);
    let late = (calm.storewire.times.p99_us, calm.limit.times.p99_us);
    let mut rows = vec![
        row(what("CPU per frame", calm), Unit::MicrosHundredths, price.0, price.1, Goal::AtMost(106)),
        row(what("frames a second", storm), Unit::PerSecond, carried.0, carried.1, Goal::AtLeast(85)),
        row(what("p99", calm), Unit::Millis, late.0, late.1, Goal::Told),
        Row::none("B2", "frames lost", calm.storewire.lost + storm.storewire.lost),
    ];
    if let Some((ours, limit)) = idle {
        let weight = format!("memory of an idle socket, {} of them", ours.sockets);
        rows.push(Row::new("B2m", weight, Unit::Kib, ours.bytes_each, IDLE_GOAL_BYTES, Goal::AtMost(100)));
        rows.push(Row::new(
            "B2m",
            "the same beside the program",
            Unit::Kib,
            ours.bytes_each,
            limit.bytes_each,
            Goal::Told,
        ));
        let opened = (ours.opened_per_second, limit.opened_per_second);
        rows.push(Row::new("B2m", "sockets opened", Unit::PerSecond, opened.0, opened.1, Goal::Told));
    }
    rows
}
