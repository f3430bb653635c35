//! Death in the middle of load: `kill -9` of the binary, then of PostgreSQL, and what became of every delivery that was
//! acknowledged.

mod survivor;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;
use storewire_oracle::log;
use tokio::time::sleep;

use crate::cpu::Used;
use crate::live::DRAIN_WITHIN;
use crate::open::{self, CONNECTIONS, Post as _, Stage};
use crate::report::{Environment, load, median};
use crate::rig::{Rig, RigOptions};
use crate::row::{Goal, Row, Unit};
use crate::timing::Timing;
use crate::{closed, held};

use survivor::{Memory, Survivor};

const SEED_CONNECTIONS: usize = 32;
/// How long the deliveries last, in steps: one before, one between and one after the two deaths.
const STEPS: u64 = 3;
/// As long as whoever watches over the binary needs to notice.
const DEAD_FOR: Duration = Duration::from_millis(300);

/// How much is under way when the lights go out.
#[derive(Args, Clone, Debug)]
pub struct CrashFlags {
    /// Deliveries a second
    #[arg(long, default_value_t = 400)]
    pub crash_rate: u64,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct CrashReport {
    pub environment: Environment,
    pub rounds: Vec<CrashRound>,
    pub rows: Vec<Row>,
}

/// One round: a start with nothing to do, then both deaths.
#[derive(Clone, Debug, Serialize)]
pub struct CrashRound {
    pub acknowledged: u64,
    pub refused: u64,
    /// From a start to the first acknowledgement: with nothing behind it, and after `kill -9`.
    pub bare_start_us: u64,
    pub first_ack_us: u64,
    /// From the death of PostgreSQL, its recovery included.
    pub first_ack_after_database_us: u64,
    pub absent: u64,
    pub unprocessed: u64,
    /// Orders that our copy does not hold as they were last acknowledged.
    pub behind: u64,
    /// Changes by which an order went back.
    pub backwards: u64,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &CrashFlags) -> Result<CrashReport> {
    ensure!(flags.crash_rate > 0, "nothing to lose");
    let load_before = load();
    let mut rig = Rig::start(rig_options).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;
    closed::post(&rig, SEED_CONNECTIONS, rig.source.period()).await?;
    rig.drain(DRAIN_WITHIN).await?;
    rig.analyze().await?;
    let mut rounds = Vec::new();
    for number in 1..=timing.rounds {
        let round = round(&mut rig, timing.step(), flags.crash_rate).await?;
        eprintln!("round {number}: {round:?}");
        rounds.push(round);
    }
    rig.stop().await?;
    let rows = rows(&rounds);
    Ok(CrashReport { environment, rounds, rows })
}

async fn round(rig: &mut Rig, step: Duration, rate: u64) -> Result<CrashRound> {
    let memory = Memory::default();
    let survivor =
        |rig: &Rig| Survivor { address: rig.address, source: Arc::clone(&rig.source), memory: memory.clone() };
    let bare_start = bare_start(rig, survivor(rig), &memory).await?;

    let posters = (0..CONNECTIONS).map(|_| survivor(rig)).collect();
    let count = rate * STEPS * step.as_secs();
    let first = rig.source.take(count);
    // Nobody watches: what dies closes every socket.
    let stage = Stage { notes: &[], period: rig.source.period(), cpu: || Ok(Used::default()) };
    let (posted, deaths) = tokio::join!(open::run(&stage, posters, first, count, rate), die_twice(rig, step, &memory));
    let (posted, (first_ack, first_ack_after_database)) = (posted?, deaths?);
    rig.drain(DRAIN_WITHIN).await?;

    let events = memory.events();
    let (stored, waiting) = inbox(rig).await?;
    let acknowledged: HashSet<String> = events.iter().map(|event| format!("{event:032x}")).collect();
    Ok(CrashRound {
        acknowledged: u64::try_from(acknowledged.len())?,
        refused: posted.refused,
        bare_start_us: u64::try_from(bare_start.as_micros())?,
        first_ack_us: u64::try_from(first_ack.as_micros())?,
        first_ack_after_database_us: u64::try_from(first_ack_after_database.as_micros())?,
        absent: u64::try_from(acknowledged.difference(&stored).count())?,
        unprocessed: u64::try_from(acknowledged.intersection(&waiting).count())?,
        behind: held::behind(rig.admin(), &rig.source, 0..rig.source.take(0), events.into_iter()).await?,
        backwards: u64::try_from(log::gone_back(rig.admin()).await?.broken.len())?,
    })
}

/// Ends the binary in order, starts it and posts until it acknowledges.
async fn bare_start(rig: &mut Rig, mut survivor: Survivor, memory: &Memory) -> Result<Duration> {
    rig.halt().await?;
    let started = Instant::now();
    rig.launch()?;
    let event = survivor.source.take(1);
    let posting = async {
        while !survivor.post(event).await.unwrap_or_default() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    let ((), first) = tokio::join!(posting, memory.first_ack(started));
    first
}

/// The binary, then PostgreSQL, each a step after what was before it. Answers how long it took until somebody was answered again.
async fn die_twice(rig: &mut Rig, step: Duration, memory: &Memory) -> Result<(Duration, Duration)> {
    sleep(step).await;
    rig.kill().await?;
    // Answers that were under way have arrived by then.
    sleep(DEAD_FOR).await;
    let started = Instant::now();
    rig.launch()?;
    let first = memory.first_ack(started).await?;
    sleep(step.saturating_sub(first)).await;
    let died = Instant::now();
    rig.kill_database().await?;
    rig.start_database().await?;
    let recovered = Instant::now();
    Ok((first, recovered - died + memory.first_ack(recovered).await?))
}

/// What the inbox holds, and what of it was not applied.
async fn inbox(rig: &Rig) -> Result<(HashSet<String>, HashSet<String>)> {
    let sql = "SELECT delivery_id, state IN ('pending', 'dead') FROM inbox";
    let (mut stored, mut waiting) = (HashSet::new(), HashSet::new());
    for row in rig.admin().query(sql, &[]).await? {
        let id: String = row.try_get(0)?;
        if row.try_get(1)? {
            waiting.insert(id.clone());
        }
        stored.insert(id);
    }
    Ok((stored, waiting))
}

fn rows(rounds: &[CrashRound]) -> Vec<Row> {
    let of = |pick: fn(&CrashRound) -> u64| median(rounds.iter().map(pick));
    let all = |pick: fn(&CrashRound) -> u64| rounds.iter().map(pick).sum::<u64>();
    let acknowledged = all(|round| round.acknowledged);
    let (bare, first) = (of(|round| round.bare_start_us), of(|round| round.first_ack_us));
    let database = of(|round| round.first_ack_after_database_us);
    vec![
        Row::none("B7", format!("absent of {acknowledged} acknowledged"), all(|round| round.absent)),
        Row::none("B7", "stored and not processed", all(|round| round.unprocessed)),
        Row::none("B7", "orders older than acknowledged", all(|round| round.behind)),
        Row::none("B7", "orders that went backwards", rounds.last().map_or(0, |round| round.backwards)),
        Row::new("B7", "first answer after kill -9, beside a bare start", Unit::Millis, first, bare, Goal::AtMost(150)),
        Row::new("B7", "first answer after PostgreSQL's death", Unit::Millis, database, 0, Goal::Told),
    ]
}
