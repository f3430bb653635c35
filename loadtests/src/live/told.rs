//! What was measured of the live path, in words, as a table, and as lines of the table of all.

use super::{Comparison, LiveReport};
use crate::open::StepResult;
use crate::report::{decimal, hundredths, ms, table};
use crate::row::{Goal, Row, Unit};

/// Two fifths of what NestJS with BullMQ used for an event, on the machine where both were measured.
const CPU_GOAL_MICROS: u64 = 1_500;
/// Eight times the rate that NestJS with BullMQ and socket.io carried there.
const KNEE_GOAL: u64 = 3_200;

impl Comparison {
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
    /// Its lines of the table.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let (ours, limit) = (&self.base.storewire, &self.base.limit);
        let what = |figure: &str| format!("{figure}, {}/s", ours.rate);
        let row = |text, unit, ours, limit, goal| Row::new("B4", text, unit, ours, limit, goal);
        let (half, late) = ((ours.times.p50_us, limit.times.p50_us), (ours.times.p99_us, limit.times.p99_us));
        vec![
            row(what("CPU per event"), Unit::Millis, ours.cpu_us, CPU_GOAL_MICROS, Goal::AtMost(100)),
            row(what("the same beside the limit's"), Unit::Millis, ours.cpu_us, limit.cpu_us, Goal::Told),
            row("highest rate carried".to_owned(), Unit::PerSecond, self.knee.storewire, KNEE_GOAL, Goal::AtLeast(100)),
            row(what("p50"), Unit::Millis, half.0, half.1, Goal::AtMost(155)),
            row(what("p99"), Unit::Millis, late.0, late.1, Goal::AtMost(216)),
            Row::none("B4", what("lost or refused"), ours.lost + ours.refused),
        ]
    }

    pub(super) fn print(&self) {
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
