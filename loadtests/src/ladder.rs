//! The knee: the highest rate that is carried with p99 within 100 ms and nothing lost.

use anyhow::Result;
use serde::Serialize;

use crate::live::{Comparison, Run};

/// How often the gap between a rate that was carried and one that was not is halved.
const HALVINGS: usize = 2;
/// Nearer than this, two rates are the same.
const STEP: u64 = 100;

/// Highest rates that were carried; 0 if not even the base rate was.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Knee {
    pub storewire: u64,
    pub limit: u64,
}

impl Knee {
    /// In words.
    #[must_use]
    pub fn told(&self, first_rate_not_carried: u64) -> String {
        let beyond = match first_rate_not_carried {
            0 => ", and no higher rate was tried".to_owned(),
            rate => format!("; {rate}/s was not"),
        };
        format!(
            "highest rate carried (p99 within 100 ms, nothing lost): {}/s{beyond}; the limit carried {}/s",
            self.storewire, self.limit
        )
    }

    fn note(&mut self, tried: &Comparison) {
        for (knee, step) in [(&mut self.storewire, &tried.storewire), (&mut self.limit, &tried.limit)] {
            if step.is_good() {
                *knee = (*knee).max(step.rate);
            }
        }
    }
}

/// Climbs until the product fails, then halves the gap. Answers what was tried, by rate, the knee, and the lowest rate that failed.
pub(crate) async fn climb(run: &Run, base: &Comparison, ladder: &[u64]) -> Result<(Vec<Comparison>, Knee, u64)> {
    let (mut tried, mut knee, mut failed) = (Vec::new(), Knee::default(), None);
    knee.note(base);
    if !base.storewire.is_good() {
        return Ok((tried, knee, base.storewire.rate));
    }
    for &rate in ladder {
        if !attempt(run, rate, &mut tried, &mut knee).await? {
            failed = Some(rate);
            break;
        }
    }
    for _ in 0..HALVINGS {
        let Some(rate) = failed.and_then(|failed| between(knee.storewire, failed)) else { break };
        if !attempt(run, rate, &mut tried, &mut knee).await? {
            failed = Some(rate);
        }
    }
    tried.sort_by_key(|comparison: &Comparison| comparison.storewire.rate);
    Ok((tried, knee, failed.unwrap_or_default()))
}

async fn attempt(run: &Run, rate: u64, tried: &mut Vec<Comparison>, knee: &mut Knee) -> Result<bool> {
    let comparison = run.compare_at(rate).await?;
    eprintln!("{rate}/s: {}", comparison.told());
    knee.note(&comparison);
    let is_good = comparison.storewire.is_good();
    tried.push(comparison);
    Ok(is_good)
}

/// A round number in the middle, if there is one.
fn between(carried: u64, failed: u64) -> Option<u64> {
    let middle = (carried + failed) / 2 / STEP * STEP;
    (middle > carried && middle < failed).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_halved_to_a_round_rate_until_there_is_none() {
        assert_eq!(between(800, 1_600), Some(1_200));
        assert_eq!(between(1_200, 1_600), Some(1_400));
        assert_eq!(between(1_500, 1_600), None);
    }
}
