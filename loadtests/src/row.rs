//! The table of the benchmarks: what was reached, the limit of the same run, and the goal.

use std::fmt;

use serde::Serialize;

use crate::report::{decimal, hundredths, ms, table};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Processor time or delay in microseconds, told as such.
    Micros,
    /// The same in hundredths of a microsecond, for what is very small.
    MicrosHundredths,
    /// Microseconds, told as milliseconds.
    Millis,
    /// Microseconds, told as seconds.
    Seconds,
    PerSecond,
    /// Bytes, told as KiB.
    Kib,
    /// Bytes, told as MiB.
    Mib,
    Count,
}

/// The line never to fall under, as a ratio of ours to the limit in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    AtLeast(u64),
    AtMost(u64),
    /// Nothing may be there at all.
    Zero,
    /// Told beside the others.
    Told,
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub benchmark: &'static str,
    pub what: String,
    pub ours: u64,
    pub limit: u64,
    pub unit: Unit,
    pub ratio_hundredths: u64,
    pub goal: Goal,
    pub is_met: bool,
}

impl Row {
    /// Ours beside the limit.
    #[must_use]
    pub fn new(
        benchmark: &'static str,
        what: impl Into<String>,
        unit: Unit,
        ours: u64,
        limit: u64,
        goal: Goal,
    ) -> Self {
        let ratio_hundredths = hundredths(ours, limit);
        let is_met = match goal {
            Goal::AtLeast(line) => ratio_hundredths >= line,
            Goal::AtMost(line) => ours.saturating_mul(100) <= line.saturating_mul(limit),
            Goal::Zero => ours == 0,
            Goal::Told => true,
        };
        Self { benchmark, what: what.into(), ours, limit, unit, ratio_hundredths, goal, is_met }
    }

    /// What must not be there.
    #[must_use]
    pub fn none(benchmark: &'static str, what: impl Into<String>, found: u64) -> Self {
        Self::new(benchmark, what, Unit::Count, found, 0, Goal::Zero)
    }

    fn cells(&self) -> Vec<String> {
        let has_limit = self.goal != Goal::Zero && self.limit > 0;
        let verdict = match (self.goal, self.is_met) {
            (Goal::Told, _) => "",
            (_, true) => "met",
            (_, false) => "MISSED",
        };
        vec![
            format!("{:<4}{}", self.benchmark, self.what),
            self.unit.tell(self.ours),
            if has_limit { self.unit.tell(self.limit) } else { String::new() },
            if has_limit { decimal(self.ratio_hundredths) } else { String::new() },
            self.goal.to_string(),
            verdict.to_owned(),
        ]
    }
}

impl Unit {
    fn tell(self, value: u64) -> String {
        match self {
            Self::Micros => format!("{value} us"),
            Self::MicrosHundredths => format!("{} us", decimal(value)),
            Self::Millis => format!("{} ms", ms(value)),
            Self::Seconds => format!("{} s", decimal(value / 10_000)),
            Self::PerSecond => format!("{value}/s"),
            Self::Kib => format!("{} KiB", decimal(value.saturating_mul(100) >> 10)),
            Self::Mib => format!("{} MiB", decimal(value.saturating_mul(100) >> 20)),
            Self::Count => value.to_string(),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(line) => write!(f, ">= {}", decimal(*line)),
            Self::AtMost(line) => write!(f, "<= {}", decimal(*line)),
            Self::Zero => f.write_str("0"),
            Self::Told => Ok(()),
        }
    }
}

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!();
    table(&["    what", "ours", "limit", "ratio", "goal", ""], &rows.iter().map(Row::cells).collect::<Vec<_>>());
    let missed = rows.iter().filter(|row| !row.is_met).count();
    println!("goals missed: {missed}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_a_line_that_is_met_when_it_is_reached() {
        let row = |ours, goal| Row::new("B0", "figure", Unit::Micros, ours, 200, goal).is_met;
        assert!(row(80, Goal::AtLeast(40)) && !row(79, Goal::AtLeast(40)));
        assert!(row(300, Goal::AtMost(150)) && !row(301, Goal::AtMost(150)));
        assert!(Row::none("B0", "lost", 0).is_met && !Row::none("B0", "lost", 1).is_met);
    }

    #[test]
    fn figures_are_told_in_their_units() {
        let told = |unit: Unit, value| unit.tell(value);
        assert_eq!(told(Unit::Millis, 1_970), "1.97 ms");
        assert_eq!(told(Unit::Seconds, 1_230_000), "1.23 s");
        assert_eq!(told(Unit::Kib, 13 << 10), "13.00 KiB");
        assert_eq!(told(Unit::MicrosHundredths, 840), "8.40 us");
    }
}
