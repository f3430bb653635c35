//! Delays and their percentiles.

use serde::Serialize;

/// In microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lags {
    pub count: u64,
    pub p50_us: u64,
    pub p95_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
}

impl Lags {
    /// Of delays in microseconds; one that is negative, because clocks tick, is none.
    #[must_use]
    pub fn of(delays: impl Iterator<Item = i64>) -> Self {
        let mut delays: Vec<u64> = delays.map(|delay| u64::try_from(delay).unwrap_or_default()).collect();
        delays.sort_unstable();
        let at = |percent: usize| {
            let rank = (delays.len() * percent).div_ceil(100).saturating_sub(1);
            delays.get(rank).copied().unwrap_or_default()
        };
        Self { count: delays.len() as u64, p50_us: at(50), p95_us: at(95), p99_us: at(99), max_us: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_delay_that_was_measured() {
        let lags = Lags::of((1..=200).rev());
        assert_eq!((lags.p50_us, lags.p95_us, lags.p99_us, lags.max_us), (100, 190, 198, 200));
        assert_eq!(Lags::of([-5].into_iter()), Lags { count: 1, ..Lags::default() });
        assert_eq!(Lags::of(std::iter::empty()), Lags::default());
    }
}
