//! What a load test came to.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use storewire_oracle::Check;

use super::bend::Bend;
use super::lags::Lags;
use super::sample::Sample;
use crate::report::{Environment, ms};

/// See the module.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub checks: Vec<Check>,
    /// How long it took after the last delivery until every copy was its shop; nothing if it never was.
    pub converged: Option<Duration>,
    /// What was still to be done then.
    pub waiting: String,
    pub figures: Figures,
}

/// What is written for later.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub environment: Environment,
    pub stores: u64,
    /// Changes a second that were asked for.
    pub rate: u32,
    pub seconds: u64,
    pub has_faults: bool,
    pub posted: u64,
    pub acked: u64,
    pub frames: u64,
    /// Changes that no delivery brought, but the next reading did.
    pub only_read: u64,
    /// From delivery sent to frame seen.
    pub lag: Lags,
    pub bend: Option<Bend>,
    pub samples: Vec<Sample>,
}

impl Outcome {
    /// Whether nothing was lost or doubled, and everything came to rest.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.converged.is_some() && self.checks.iter().all(Check::holds)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { stores, rate, seconds, posted, acked, frames, only_read, lag, .. } = &self.figures;
        writeln!(f, "{stores} stores, {rate} changes a second for {seconds} s")?;
        writeln!(
            f,
            "deliveries {posted}, acknowledged {acked}, refused {}; frames {frames}; changes told by no delivery {only_read}",
            posted.saturating_sub(*acked)
        )?;
        writeln!(
            f,
            "delivery sent to frame seen, ms: p50 {}, p95 {}, p99 {}, at most {} ({} measured)",
            ms(lag.p50_us),
            ms(lag.p95_us),
            ms(lag.p99_us),
            ms(lag.max_us),
            lag.count
        )?;
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        match self.converged {
            Some(time) => writeln!(f, "every copy was its shop {:.1} s after the last delivery", time.as_secs_f32())?,
            None => writeln!(f, "NOT every copy came to be its shop: {}", self.waiting)?,
        }
        match &self.figures.bend {
            None => writeln!(f, "it did not bend: no second in which screens were a second late"),
            Some(bend) => {
                let Bend { second, lag_ms, saturated } = bend;
                let why = if saturated.is_empty() {
                    "nothing that is watched was used up".to_owned()
                } else {
                    saturated.join("; ")
                };
                writeln!(f, "it bent in second {second}, screens {lag_ms} ms late: {why}")
            }
        }
    }
}
