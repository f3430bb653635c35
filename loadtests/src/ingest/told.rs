//! What was measured of intake, as a table, and as lines of the table of all.

use super::{IngestReport, IngestResult};
use crate::report::{decimal, ms, table};
use crate::row::{Goal, Row, Unit};

/// A quarter of what NestJS with BullMQ used for a delivery, on the machine where both were measured.
const CPU_GOAL_MICROS: u64 = 170;

impl IngestReport {
    /// Its lines of the table.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let of = |result: &IngestResult| {
            let what = |figure: &str| format!("{figure}, {} connections", result.connections);
            let line = if result.connections > 32 { 46 } else { 40 };
            let (taken, rows) = (&result.taken, result.limit_rows_per_second);
            let whole = result.cpu_us_until_applied;
            vec![
                Row::new(
                    "B1",
                    what("CPU per delivery"),
                    Unit::Micros,
                    taken.cpu_us,
                    CPU_GOAL_MICROS,
                    Goal::AtMost(100),
                ),
                Row::new(
                    "B1",
                    what("the same beside a bare row's"),
                    Unit::Micros,
                    taken.cpu_us,
                    result.limit_cpu_us,
                    Goal::Told,
                ),
                Row::new(
                    "B1",
                    what("acknowledged"),
                    Unit::PerSecond,
                    taken.acked_per_second,
                    rows,
                    Goal::AtLeast(line),
                ),
                Row::new("B1", what("p99"), Unit::Millis, taken.times.p99_us, 0, Goal::Told),
                Row::new("B1", what("CPU until it is applied"), Unit::Micros, whole, result.limit_cpu_us, Goal::Told),
                Row::new(
                    "B1",
                    what("acknowledged and applied"),
                    Unit::PerSecond,
                    result.applied_per_second,
                    rows,
                    Goal::Told,
                ),
            ]
        };
        self.results.iter().flat_map(of).collect()
    }

    pub(super) fn print(&self) {
        println!(
            "\nintake: {} B signed order.updated, {} stores, closed loop, 200 after the commit",
            self.body_bytes, self.stores
        );
        let rows: Vec<Vec<String>> = self
            .results
            .iter()
            .map(|result| {
                vec![
                    result.connections.to_string(),
                    result.taken.acked_per_second.to_string(),
                    result.taken.cpu_us.to_string(),
                    result.taken.cpu_us_of_applying.to_string(),
                    result.acked_per_second.to_string(),
                    result.cpu_us_while_taking.to_string(),
                    result.cpu_of_database_us_while_taking.to_string(),
                    ms(result.times.p50_us),
                    ms(result.times.p99_us),
                    result.limit_rows_per_second.to_string(),
                    result.limit_cpu_us.to_string(),
                    decimal(result.ratio_hundredths),
                    result.applied_per_second.to_string(),
                    result.cpu_us_until_applied.to_string(),
                ]
            })
            .collect();
        let head = [
            "connections",
            "taken/s",
            "CPU us each",
            "later",
            "acked/s",
            "CPU us each",
            "database's",
            "p50 ms",
            "p99 ms",
            "bare rows/s",
            "CPU us each",
            "ratio",
            "applied/s",
            "CPU us until applied",
        ];
        table(&head, &rows);
        println!("rows in the inbox beyond those acknowledged: {}", self.stored_beyond_acknowledged);
    }
}
