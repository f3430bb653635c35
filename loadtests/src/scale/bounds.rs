//! What a node with ten thousand stores must keep to.

use std::time::Duration;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// From the start of the process until it serves and every store has its actor.
    pub ready: Duration,
    /// Of the binary, at its most, in KiB.
    pub resident_kib: u64,
    /// The fullest second of first polls against the mean, in hundredths.
    pub burst_hundredths: u64,
    /// Transactions of a quiet time may differ by so many a second between a few stores and many.
    pub quiet_per_second: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { ready: Duration::from_secs(10), resident_kib: 256 << 10, burst_hundredths: 150, quiet_per_second: 2 }
    }
}
