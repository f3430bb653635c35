//! The first import of one shop: orders a second and what each costs, beside the same rows written bare; and the same
//! from a shop that takes its time for every page, beside what four pages at once would bring.

pub(crate) mod bare;
mod import;
mod raw;
mod shape;

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use serde::Serialize;

use crate::report::{Environment, load, median, micros_each, per_second};
use crate::rig::{Rig, RigOptions, Scene};
use crate::row::{Goal, Row, Unit};
use crate::timing::Timing;

use bare::Rows;
use import::Import;

const PAGE: u64 = 100;
/// What the quickest tool of others kept in flight.
const IN_FLIGHT: u64 = 4;
/// A quarter of what the better of two tools used for an order, on the machine where all were measured.
const CPU_GOAL_MICROS: u64 = 194;
/// A fifth of what the leaner of them held.
const MEMORY_GOAL_BYTES: u64 = 31_400_000;

/// How much there is to import.
#[derive(Args, Clone, Debug)]
pub struct BackfillFlags {
    /// Orders of the shop that is imported
    #[arg(long, default_value_t = 10_000)]
    pub shop_orders: usize,
    /// How long a slow shop takes for an answer, in milliseconds
    #[arg(long, default_value_t = 200)]
    pub page_ms: u64,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct BackfillReport {
    pub environment: Environment,
    /// Of all items, taxes, shippings, fees and coupons.
    pub lines_per_order_hundredths: u64,
    pub quick: Vec<Import>,
    pub slow: Vec<Import>,
    /// Orders a second, and the database's time for each.
    pub bare: Vec<(u64, u64)>,
    pub peak_bytes: u64,
    pub rows: Vec<Row>,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &BackfillFlags) -> Result<BackfillReport> {
    ensure!(flags.shop_orders > 0 && flags.page_ms > 0, "nothing to import");
    let load_before = load();
    let slow = Duration::from_millis(flags.page_ms);
    // A shop for each import: two a round, and one before all.
    let stores = 2 * timing.rounds + 1;
    // What a store's owner may set: the pace is then the shop's own, or ours.
    let engine = &[("request_interval", "1ms"), ("request_interval_min", "1ms")];
    let scene = Scene { orders: flags.shop_orders, products: 5, engine, is_bare: true };
    let rig = Rig::start_with(&RigOptions { stores, ..rig_options.clone() }, scene).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;

    let first = import::run(&rig, stores - 1, Duration::ZERO).await?;
    rig.analyze().await?;
    let rows = Rows::of_store(&rig, first.store).await?;
    let (mut quick, mut slowly, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..timing.rounds {
        let import = import::run(&rig, 2 * round, Duration::ZERO).await?;
        rig.settle().await?;
        let used = rig.database_cpu()?;
        let took = rows.write(&rig).await?;
        let each = micros_each(rig.database_cpu()?.saturating_sub(used), rows.orders);
        bare.push((per_second(rows.orders, took), each));
        let late = import::run(&rig, 2 * round + 1, slow).await?;
        eprintln!(
            "round {}: {} orders/s, {} us each, {} pages | bare {}/s, {each} us | {} ms a page: {} orders/s",
            round + 1,
            import.per_second,
            import.cpu_us,
            import.pages,
            per_second(rows.orders, took),
            flags.page_ms,
            late.per_second
        );
        quick.push(import);
        slowly.push(late);
    }
    let peak_bytes = rig.memory()?.peak << 10;
    rig.stop().await?;
    let mut report = BackfillReport {
        environment,
        lines_per_order_hundredths: rows.lines * 100 / rows.orders.max(1),
        quick,
        slow: slowly,
        bare,
        peak_bytes,
        rows: Vec::new(),
    };
    report.rows = report.rows(flags.page_ms);
    Ok(report)
}

impl BackfillReport {
    fn rows(&self, page_ms: u64) -> Vec<Row> {
        let row = |text: &str, unit, ours, limit, goal| Row::new("B3", text, unit, ours, limit, goal);
        let of = |imports: &[Import], pick: fn(&Import) -> u64| median(imports.iter().map(pick));
        let bare = median(self.bare.iter().map(|(per_second, _)| *per_second));
        let each = median(self.bare.iter().map(|(_, each)| *each));
        let price = of(&self.quick, |import| import.cpu_us);
        let in_flight = IN_FLIGHT * PAGE * 1_000 / page_ms.max(1);
        let all = self.quick.iter().chain(&self.slow);
        vec![
            row("CPU per order", Unit::Micros, price, CPU_GOAL_MICROS, Goal::AtMost(100)),
            row("the same beside a bare row's", Unit::Micros, price, each, Goal::Told),
            row(
                "orders a second",
                Unit::PerSecond,
                of(&self.quick, |import| import.per_second),
                bare,
                Goal::AtLeast(40),
            ),
            row(
                &format!("orders a second, {page_ms} ms a page"),
                Unit::PerSecond,
                of(&self.slow, |import| import.per_second),
                in_flight,
                Goal::AtLeast(68),
            ),
            row("memory at its peak", Unit::Mib, self.peak_bytes, MEMORY_GOAL_BYTES, Goal::AtMost(100)),
            Row::none("B3", "records that differ", all.map(|import| import.differences).sum()),
        ]
    }
}
