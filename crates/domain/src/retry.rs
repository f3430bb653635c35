//! How long to wait after the n-th failure in a row.

use std::time::Duration;

/// Exponential backoff with full jitter, capped.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The longest first wait.
    pub base: Duration,
    /// The longest wait of all.
    pub cap: Duration,
}

impl RetryPolicy {
    /// The wait after `failures` failures in a row (1 or more). `random` is uniform in 0..=1: full jitter, so that
    /// stores that failed together do not come back together. Never under a tenth of the ceiling, so that a run of low
    /// draws does not hammer.
    #[must_use]
    pub fn delay(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
        ceiling.mul_f64(random.clamp(0.1, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_until_its_cap() {
        let policy = RetryPolicy { base: Duration::from_secs(1), cap: Duration::from_secs(60) };
        let waits: Vec<u64> = (1..=8).map(|n| policy.delay(n, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(policy.delay(u32::MAX, 1.0), Duration::from_secs(60));
    }
}
