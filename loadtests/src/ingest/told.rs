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
            let (price, each) = (result.cpu_us_while_taking, result.limit_cpu_us);
            let (acked, rows) = (result.acked_per_second, result.limit_rows_per_second);
            vec![
                Row::new("B1", what("CPU per delivery"), Unit::Micros, price, CPU_GOAL_MICROS, Goal::AtMost(100)),
                Row::new("B1", what("the same beside a bare row's"), Unit::Micros, price, each, Goal::Told),
                Row::new("B1", what("acknowledged"), Unit::PerSecond, acked, rows, Goal::AtLeast(line)),
                Row::new("B1", what("p99"), Unit::Millis, result.times.p99_us, 0, Goal::Told),
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
