//! Times as they are collected and as they are told.

use std::time::Duration;

use anyhow::Result;
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::report::median;

/// A minute: nothing here may take longer.
const LONGEST_MICROS: u64 = 60_000_000;

/// Collected times.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

/// The percentiles that are told, in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Percentiles {
    pub p50_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
}

impl Latencies {
    /// # Errors
    /// Never, as the bounds are fixed.
    pub fn new() -> Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST_MICROS, 3)?))
    }

    pub fn add(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1));
    }

    /// Takes over what another collected.
    ///
    /// # Errors
    /// Never, as all have the same bounds.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        Ok(self.0.add(&other.0)?)
    }

    #[must_use]
    pub fn percentiles(&self) -> Percentiles {
        Percentiles {
            p50_us: self.0.value_at_quantile(0.50),
            p99_us: self.0.value_at_quantile(0.99),
            max_us: self.0.max(),
        }
    }
}

impl Percentiles {
    /// Each percentile's median over rounds.
    #[must_use]
    pub fn median(rounds: &[Self]) -> Self {
        let of = |pick: fn(&Self) -> u64| median(rounds.iter().map(pick));
        Self { p50_us: of(|one| one.p50_us), p99_us: of(|one| one.p99_us), max_us: of(|one| one.max_us) }
    }
}
