//! Catching up: orders change while the binary is down and nobody hears of it; how soon after its start our copy equals every
//! shop, and how many requests that takes.

mod absence;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Serialize;
use storewire_oracle::{Sim, compare_shop, store_of};

use crate::backfill::bare::Rows;
use crate::report::{Environment, load, median, per_second};
use crate::rig::{Rig, RigOptions, Scene};
use crate::row::{Goal, Row, Unit};
use crate::timing::Timing;

use absence::Absence;

const KINDS: [&str; 1] = ["orders"];

/// How much happens meanwhile.
#[derive(Args, Clone, Debug)]
pub struct ConvergeFlags {
    /// Orders that change while the binary is down, over all shops
    #[arg(long, default_value_t = 2_000)]
    pub missed_changes: usize,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct ConvergeReport {
    pub environment: Environment,
    pub shops: usize,
    pub rounds: Vec<ConvergeRound>,
    pub rows: Vec<Row>,
}

/// One absence.
#[derive(Clone, Debug, Serialize)]
pub struct ConvergeRound {
    pub changes: u64,
    /// From the start of the binary until every change was in our copy.
    pub equal_after_us: u64,
    /// From the first request for orders.
    pub read_in_us: u64,
    /// For orders, and of any kind, until then.
    pub order_requests: u64,
    pub requests: u64,
    /// Pages that the changes fill, and one request for each shop.
    pub needed_requests: u64,
    pub bare_per_second: u64,
    /// Records that the oracle found to differ.
    pub differences: u64,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails, or our copy does not catch up.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &ConvergeFlags) -> Result<ConvergeReport> {
    let each = flags.missed_changes / rig_options.stores;
    ensure!(each > 0, "fewer changes than shops");
    let load_before = load();
    // Twice as many orders as change, and some that are taken out. The first look at a shop after a start comes within an interval, which
    // would be most of what is measured: it is short here.
    let engine = &[
        ("request_interval", "1ms"),
        ("request_interval_min", "1ms"),
        ("pull_interval", "1s"),
        ("pull_overlap", "1s"),
    ];
    let scene = Scene { orders: each * 5 / 2, products: 5, engine, is_bare: true };
    let mut rig = Rig::start_with(rig_options, scene).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;
    for place in 0..rig_options.stores {
        rig.without_refunds(place).await?;
        rig.connect_shop(place).await?;
    }
    rig.wait_until_read(u64::try_from(rig_options.stores)?, absence::WITHIN).await?;
    rig.analyze().await?;
    let shop = rig.fleet.stores().into_iter().next().context("no shop")?;
    let store = store_of(rig.admin(), &shop.home_url).await?.context("the shop was not connected")?;
    let bare = Rows::of_store(&rig, store).await?;

    let mut rounds = Vec::new();
    for number in 1..=timing.rounds {
        let absence = Absence::spend(&mut rig, number, each, timing.step()).await?;
        let caught_up = absence.end(&mut rig).await?;
        let differences = differences(&rig).await?;
        rig.settle().await?;
        let bare_per_second = per_second(bare.orders, bare.write(&rig).await?);
        let round = ConvergeRound { differences, bare_per_second, ..caught_up };
        eprintln!("round {number}: {round:?}");
        rounds.push(round);
    }
    rig.stop().await?;
    let rows = rows(&rounds);
    Ok(ConvergeReport { environment, shops: rig_options.stores, rounds, rows })
}

/// Records of which our copy differs from a shop.
async fn differences(rig: &Rig) -> Result<u64> {
    let sim = Sim::at(rig.fleet.addr());
    let mut found = 0;
    for shop in sim.stores().await? {
        let verdict = compare_shop(&sim, rig.admin(), &shop, &KINDS).await?;
        verdict.differences().iter().take(3).for_each(|line| eprintln!("differs: {line}"));
        found += verdict.differences().len();
    }
    Ok(u64::try_from(found)?)
}

fn rows(rounds: &[ConvergeRound]) -> Vec<Row> {
    let of = |pick: fn(&ConvergeRound) -> u64| median(rounds.iter().map(pick));
    let row = |text: &str, unit, ours, limit, goal| Row::new("B9", text, unit, ours, limit, goal);
    let needed = of(|round| round.needed_requests);
    let read = of(|round| round.changes * 1_000_000 / round.read_in_us.max(1));
    vec![
        row(
            "requests for orders, beside pages + shops",
            Unit::Count,
            of(|round| round.order_requests),
            needed,
            Goal::AtMost(120),
        ),
        row("requests of any kind", Unit::Count, of(|round| round.requests), needed, Goal::Told),
        row("changes caught up", Unit::PerSecond, read, of(|round| round.bare_per_second), Goal::AtLeast(24)),
        row("from the start to equal", Unit::Seconds, of(|round| round.equal_after_us), 0, Goal::Told),
        Row::none("B9", "records that differ", rounds.iter().map(|round| round.differences).sum()),
    ]
}
