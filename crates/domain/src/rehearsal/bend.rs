//! Where a rehearsal bent: the first slice in which the copy was later than the goal, and what was used up then. Pure.

use serde::{Deserialize, Serialize};

use super::Slice;
use crate::remote::text_enum;

/// Of processors or connections in use: beyond, there is no room left.
const FULL_PERCENT: u32 = 90;
/// Deliveries that wait: beyond, they come faster than they are applied.
const QUEUE: u32 = 200;

text_enum! {
    /// What had no room left.
    pub enum Saturated {
        Cpu = "cpu",
        Pool = "pool",
        /// Deliveries came faster than they were applied.
        Intake = "intake",
        /// Twins were asked less than they could have been, because of how they answered.
        Budget = "budget",
    }
}

/// The first time that the copy was later than the goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bend {
    /// Seconds after the shops began to live.
    pub at: u32,
    /// How late, milliseconds.
    pub lag: u32,
    /// What was used up; empty where nothing of all this was.
    pub saturated: Vec<Saturated>,
}

impl Bend {
    /// The first slice that missed the goal; `None` if none did.
    #[must_use]
    pub fn find(slices: &[Slice], goal_seconds: u32) -> Option<Self> {
        let goal = goal_seconds.saturating_mul(1_000);
        let late = |slice: &Slice| slice.lag_p99.unwrap_or(0).max(slice.oldest);
        let slice = slices.iter().find(|slice| late(slice) > goal)?;
        let signs = [
            (Saturated::Cpu, slice.cpu.is_some_and(|cpu| cpu >= FULL_PERCENT)),
            (Saturated::Pool, slice.pool >= FULL_PERCENT),
            (Saturated::Intake, slice.waiting >= QUEUE),
            (Saturated::Budget, slice.spared > 0),
        ];
        let saturated = signs.into_iter().filter(|(_, is_so)| *is_so).map(|(what, _)| what).collect();
        Some(Self { at: slice.at, lag: late(slice), saturated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(at: u32) -> Slice {
        Slice { at, lag_p99: Some(900), cpu: Some(40), pool: 20, waiting: 3, oldest: 100, ..Slice::default() }
    }

    #[test]
    fn a_run_that_kept_its_goal_did_not_bend() {
        assert_eq!(Bend::find(&[slice(0), slice(10)], 1), None);
        assert_eq!(Bend::find(&[Slice { lag_p99: Some(1_000), ..slice(0) }], 1), None, "the goal itself is kept");
        assert_eq!(Bend::find(&[], 1), None);
    }

    #[test]
    fn the_first_late_slice_is_told_with_what_was_full_then() {
        let late = Slice { lag_p99: Some(6_000), cpu: Some(95), waiting: 4_000, ..slice(10) };
        let later = Slice { lag_p99: Some(60_000), pool: 100, ..slice(20) };
        let bend = Bend::find(&[slice(0), late, later], 5).unwrap();
        assert_eq!(bend, Bend { at: 10, lag: 6_000, saturated: vec![Saturated::Cpu, Saturated::Intake] });
    }

    #[test]
    fn what_still_waits_is_late_though_nothing_was_measured() {
        let stuck = Slice { lag_p99: None, oldest: 9_000, spared: 2, ..slice(0) };
        let bend = Bend::find(&[stuck], 5).unwrap();
        assert_eq!((bend.lag, bend.saturated), (9_000, vec![Saturated::Budget]));
    }
}
