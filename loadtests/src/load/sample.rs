//! One second of a load test.

use std::fmt;

use serde::Serialize;

use super::lags::Lags;
use crate::report::{decimal, ms};

/// What there was of everything in a second, and how things stood at its end.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sample {
    /// From the start of the trade.
    pub second: u64,
    /// Deliveries that shops have sent, and that were answered with success.
    pub posted: u64,
    pub acked: u64,
    pub applied: u64,
    /// Over all sockets.
    pub frames: u64,
    /// From receipt to screen, of what was seen in this second.
    pub lag: Lags,
    /// Cores in hundredths: the binary's, PostgreSQL's, and everything's on this machine.
    pub program_cores: u64,
    pub database_cores: u64,
    pub machine_cores: u64,
    pub resident_kib: u64,
    /// Deliveries that wait to be applied, and since when the oldest does.
    pub pending: u64,
    pub oldest_ms: u64,
    /// Records that wait to be asked about.
    pub rechecks: u64,
    /// Connections of the binary that are in use.
    pub connections: u64,
}

impl Sample {
    /// The names of what is printed.
    pub const HEAD: &'static str =
        "    s  posted   acked applied  frames  lag p50/p99 ms  cores: binary, PG, all   MiB  waiting  asked  pool";

    /// How late screens were: the slowest that were seen, or what waits unseen.
    #[must_use]
    pub fn lag_ms(&self) -> u64 {
        (self.lag.p99_us / 1_000).max(self.oldest_ms)
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lag = format!("{}/{}", ms(self.lag.p50_us), ms(self.lag.p99_us));
        write!(
            f,
            "{:>5} {:>7} {:>7} {:>7} {:>7}  {lag:>14}  {:>13} {:>4} {:>4} {:>5}  {:>7} {:>6} {:>5}",
            self.second,
            self.posted,
            self.acked,
            self.applied,
            self.frames,
            decimal(self.program_cores),
            decimal(self.database_cores),
            decimal(self.machine_cores),
            self.resident_kib >> 10,
            self.pending,
            self.rechecks,
            self.connections
        )
    }
}
