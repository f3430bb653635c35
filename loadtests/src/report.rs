//! Results as a table for people and as JSON for comparing with later runs.

use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Serialize;
use storewire_domain::Clock;

/// Where and with what a run was made.
#[derive(Clone, Debug, Serialize)]
pub struct Environment {
    pub at: String,
    /// The exact command.
    pub command: String,
    pub storewire: String,
    pub storewire_built_at: String,
    pub cpu: String,
    pub cores: usize,
    pub kernel: String,
    pub postgres: String,
    /// Processes that wanted a core in the minute before: above 0.5 the figures are for comparing within the run only.
    pub load_before: String,
}

impl Environment {
    /// # Errors
    /// If the binary is gone.
    pub fn look(storewire: &Path, postgres: String, load_before: String) -> Result<Self> {
        let built = storewire.metadata()?.modified()?.duration_since(UNIX_EPOCH)?;
        let built = Timestamp::from_second(i64::try_from(built.as_secs())?)?;
        Ok(Self {
            at: Clock::system().now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            command: std::env::args().collect::<Vec<_>>().join(" "),
            storewire: storewire.display().to_string(),
            storewire_built_at: built.to_string(),
            cpu: cpu_model(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease"),
            postgres,
            load_before,
        })
    }
}

/// The load average of the last minute.
#[must_use]
pub fn load() -> String {
    read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned()
}

fn cpu_model() -> String {
    let info = read("/proc/cpuinfo");
    let line = info.lines().find_map(|line| line.strip_prefix("model name"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim_start_matches(['\t', ' ', ':']).to_owned())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

/// Writes results for later runs to be compared with.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, results: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(results)?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The middle value; of an even number, the lower of the two. 0 of none.
pub fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// So many per second.
#[must_use]
pub fn per_second(count: u64, took: Duration) -> u64 {
    let nanos = took.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

/// Microseconds each.
#[must_use]
pub fn micros_each(time: Duration, count: u64) -> u64 {
    u64::try_from(time.as_micros() / u128::from(count.max(1))).unwrap_or(u64::MAX)
}

/// A ratio in hundredths.
#[must_use]
pub fn hundredths(of: u64, to: u64) -> u64 {
    of.saturating_mul(100) / to.max(1)
}

/// Microseconds as milliseconds, such as `1.97`.
#[must_use]
pub fn ms(micros: u64) -> String {
    decimal(micros / 10)
}

/// Hundredths as a number with two places, such as `0.46`.
#[must_use]
pub fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Prints a table: the first column left, the others right.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|cell| cell.len())).max().unwrap_or_default()
    };
    let line = |cells: Vec<String>| {
        let padded = cells.into_iter().enumerate().map(|(column, cell)| match column {
            0 => format!("{cell:<0$}", width(column)),
            _ => format!("{cell:>0$}", width(column)),
        });
        println!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(head.iter().map(|cell| (*cell).to_owned()).collect());
    for row in rows {
        line(row.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_value_that_was_measured() {
        assert_eq!(median([9, 1, 5].into_iter()), 5);
        assert_eq!(median([9, 1, 5, 7].into_iter()), 5);
        assert_eq!(median(std::iter::empty()), 0);
    }

    #[test]
    fn rates_and_ratios_need_no_floating_point() {
        assert_eq!(per_second(5, Duration::from_millis(500)), 10);
        assert_eq!(micros_each(Duration::from_secs(1), 8), 125_000);
        assert_eq!(decimal(hundredths(46, 100)), "0.46");
        assert_eq!(decimal(hundredths(5, 100)), "0.05");
        assert_eq!(ms(1_974), "1.97");
        assert_eq!(ms(54), "0.05");
    }
}
