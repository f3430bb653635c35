//! How many requests a walk may have under way at once: as many as the store answers beside each other no slower than alone. Pure.

use std::time::Duration;

/// The most that any store is sent at once, by anybody.
pub(super) const MOST: u32 = 4;
/// A new answer counts for a quarter of what is kept.
const WEIGHT: f64 = 0.25;
const REST: f64 = 0.75;
/// An answer beside others that takes so much longer than one alone had to wait for them.
const CROWDED: f64 = 1.75;
/// Good answers before one more is tried; four times as many after each time that it was one too many.
const TRIALS: u32 = 2;
const MOST_TRIALS: u32 = 512;

/// Begins with one, grows by one after answers that came well, and falls back to one at the first trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Width {
    now: u32,
    good: u32,
    trials: u32,
    /// How long an answer takes that has the store for itself.
    alone: Option<Duration>,
}

impl Width {
    pub(super) const fn new() -> Self {
        Self { now: 1, good: 0, trials: TRIALS, alone: None }
    }

    pub(super) const fn get(self) -> u32 {
        self.now
    }

    /// An answer came, after so long; `is_alone` if nothing else was under way when it did.
    pub(super) fn answered(self, took: Duration, is_alone: bool) -> Self {
        let alone = match self.alone {
            Some(known) if is_alone => Some(known.mul_f64(REST) + took.mul_f64(WEIGHT)),
            None if is_alone => Some(took),
            known => known,
        };
        let is_crowded = !is_alone && alone.is_some_and(|alone| took > alone.mul_f64(CROWDED));
        if is_crowded {
            // Those beside it will say the same.
            let trials = if self.now > 1 { (self.trials * 4).min(MOST_TRIALS) } else { self.trials };
            return Self { now: 1, good: 0, trials, alone };
        }
        if self.good + 1 < self.trials {
            return Self { good: self.good + 1, alone, ..self };
        }
        Self { now: (self.now + 1).min(MOST), good: 0, alone, ..self }
    }

    /// A request failed, or the store asked for mercy.
    pub(super) const fn troubled(self) -> Self {
        Self { now: 1, good: 0, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    /// Has as many pages as may be read at once by a store that reads one in `alone`, and `most` no slower; answers the last width, and of
    /// how many rounds it was more than one.
    fn read(alone: Duration, most: u32, rounds: usize) -> (u32, usize) {
        let (mut width, mut wide) = (Width::new(), 0);
        for _ in 0..rounds {
            let at_once = width.get();
            wide += usize::from(at_once > 1);
            for _ in 0..at_once {
                width = width.answered(alone * at_once.div_ceil(most), at_once == 1);
            }
        }
        (width.get(), wide)
    }

    #[test]
    fn a_store_far_away_is_asked_for_several_pages_at_once() {
        assert_eq!(read(200 * MILLI, 8, 10).0, MOST);
    }

    #[test]
    fn a_store_that_does_one_thing_at_a_time_is_hardly_ever_asked_for_two() {
        let (_, wide) = read(200 * MILLI, 1, 1_000);
        assert!((1..10).contains(&wide), "{wide} of 1000 rounds");
    }

    #[test]
    fn trouble_leaves_one() {
        let width = (0..50).fold(Width::new(), |width, _| width.answered(100 * MILLI, true));
        assert_eq!((width.get(), width.troubled().get()), (MOST, 1));
    }

    proptest! {
        #[test]
        fn it_is_never_less_than_one_nor_more_than_the_most(events in prop::collection::vec((0_u64..90_000, 0_u8..4), 0..300)) {
            let mut width = Width::new();
            for (millis, kind) in events {
                width = if kind == 0 { width.troubled() } else { width.answered(MILLI * u32::try_from(millis).unwrap(), kind == 1) };
                prop_assert!((1..=MOST).contains(&width.get()));
            }
        }
    }
}
