//! What a store's answers teach about how often it may be asked. Pure: it is told what came back, and when.
//!
//! Quick answers make the pace quicker little by little; a slow one makes it follow the store's own speed; trouble makes it slower at
//! once, and a store that asked for mercy gets half the pace for a long while.

use std::time::{Duration, Instant};

use crate::EngineConfig;

/// A new answer counts for a quarter of the latency that is kept.
const WEIGHT: f64 = 0.25;
const REST: f64 = 0.75;
/// A store that answers slowly has as long to itself as it needed for us.
const SHARE: f64 = 2.0;
/// On the way back to the steady pace each good answer takes a tenth off the interval; beyond it, a fiftieth.
const RECOVERY: f64 = 0.9;
const QUICKENING: f64 = 0.98;
/// Trouble makes the interval half as long again; a request for mercy doubles it.
const STRAIN: f64 = 1.5;
const MERCY: u32 = 2;
/// The pace during a penalty is at least a quarter of the steady one: a store that throttles by lot is not given up.
const LONGEST_FLOOR: u32 = 4;

/// Between which intervals the pace may move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) steady: Duration,
    pub(crate) quickest: Duration,
    pub(crate) slowest: Duration,
    pub(crate) slow_answer: Duration,
    pub(crate) penalty: Duration,
}

impl Bounds {
    /// As configured; the steady pace counts where the others contradict it.
    pub(crate) fn new(config: &EngineConfig) -> Self {
        let steady = config.request_interval.max(Duration::from_micros(1));
        Self {
            steady,
            quickest: config.request_interval_min.clamp(Duration::from_micros(1), steady),
            slowest: config.request_interval_max.max(steady),
            slow_answer: config.slow_answer,
            penalty: config.penalty,
        }
    }
}

/// Why the pace is as it is: a key of the panel's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// As configured, or quicker because the store answers well.
    Steady,
    /// On its way back after trouble.
    Learning,
    SlowAnswers,
    /// The store asked for mercy.
    Throttled,
    Overloaded,
}

impl Reason {
    const ALL: [Self; 5] = [Self::Steady, Self::Learning, Self::SlowAnswers, Self::Throttled, Self::Overloaded];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Learning => "learning",
            Self::SlowAnswers => "slow_answers",
            Self::Throttled => "throttled",
            Self::Overloaded => "overloaded",
        }
    }

    /// What a stored word means; one that is not known is on its way back.
    pub(crate) fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.as_str() == word).unwrap_or(Self::Learning)
    }
}

/// What came of one request, as far as the pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// An answer, after so long.
    Answer(Duration),
    /// 429: the store asks for mercy.
    Throttled,
    /// It failed, was too busy, or did not answer in time.
    Strained,
}

/// For so long the pace is not quicker than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Penalty {
    pub(crate) floor: Duration,
    pub(crate) until: Instant,
}

/// The pace as it was learned so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Learned {
    /// From one request to the next.
    pub(crate) interval: Duration,
    /// How long answers take lately.
    pub(crate) latency: Option<Duration>,
    pub(crate) reason: Reason,
    pub(crate) penalty: Option<Penalty>,
    /// The pace at which the store last answered well.
    cruise: Duration,
}

impl Learned {
    pub(crate) const fn nothing(bounds: &Bounds) -> Self {
        let steady = bounds.steady;
        Self { interval: steady, latency: None, reason: Reason::Steady, penalty: None, cruise: steady }
    }

    /// What was learned before a restart. What exactly a penalty's floor was is not written down; twice the steady pace is.
    pub(crate) fn again(
        bounds: &Bounds,
        interval: Duration,
        latency: Option<Duration>,
        reason: Reason,
        penalty_until: Option<Instant>,
    ) -> Self {
        let interval = interval.clamp(bounds.quickest, bounds.slowest);
        let floor = interval.min(bounds.steady.saturating_mul(MERCY));
        let penalty = penalty_until.map(|until| Penalty { floor, until });
        Self { interval, latency, reason, penalty, cruise: interval }
    }

    /// The next pace, after what was seen.
    pub(crate) fn after(self, seen: Seen, bounds: &Bounds, now: Instant) -> Self {
        let penalty = self.penalty.filter(|penalty| now < penalty.until);
        let past = Self { penalty, ..self };
        match seen {
            Seen::Answer(took) => past.after_answer(took, bounds),
            Seen::Throttled => past.after_throttle(bounds, now),
            Seen::Strained => {
                let interval = past.interval.max(bounds.steady).mul_f64(STRAIN).min(bounds.slowest);
                Self { interval, reason: Reason::Overloaded, ..past }
            }
        }
    }

    fn after_answer(self, took: Duration, bounds: &Bounds) -> Self {
        let latency = self.latency.map_or(took, |known| known.mul_f64(REST) + took.mul_f64(WEIGHT));
        let floor = self.penalty.map_or(bounds.quickest, |penalty| penalty.floor);
        let share = latency.mul_f64(SHARE);
        let is_slow = latency > bounds.slow_answer;
        let wanted = if is_slow {
            share.max(bounds.steady)
        } else if self.interval > bounds.steady {
            self.interval.mul_f64(RECOVERY).max(bounds.steady)
        } else {
            // Quicker than asked for only as long as the store has half of its time for others.
            self.interval.mul_f64(QUICKENING).max(share).min(self.interval)
        };
        let interval = wanted.max(floor).clamp(bounds.quickest, bounds.slowest);
        let reason = if is_slow {
            Reason::SlowAnswers
        } else if self.penalty.is_some() {
            Reason::Throttled
        } else if interval > bounds.steady {
            Reason::Learning
        } else {
            Reason::Steady
        };
        Self { interval, latency: Some(latency), reason, cruise: interval, ..self }
    }

    fn after_throttle(self, bounds: &Bounds, now: Instant) -> Self {
        let known = self.penalty.map_or(Duration::ZERO, |penalty| penalty.floor);
        let longest = bounds.steady.saturating_mul(LONGEST_FLOOR).min(bounds.slowest);
        // Half of the pace that went well: a row of refusals is one refusal.
        let floor = self.cruise.saturating_mul(MERCY).min(longest).max(known);
        let interval = self.interval.saturating_mul(MERCY).max(floor).min(bounds.slowest);
        let penalty = Some(Penalty { floor, until: now + bounds.penalty });
        Self { interval, reason: Reason::Throttled, penalty, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    fn bounds() -> Bounds {
        Bounds {
            steady: 500 * MILLI,
            quickest: 100 * MILLI,
            slowest: 30_000 * MILLI,
            slow_answer: 2_000 * MILLI,
            penalty: Duration::from_secs(86_400),
        }
    }

    fn repeated(mut learned: Learned, seen: Seen, times: usize, now: Instant) -> Learned {
        for _ in 0..times {
            learned = learned.after(seen, &bounds(), now);
        }
        learned
    }

    #[test]
    fn a_store_that_answers_quickly_is_asked_more_often_and_keeps_half_of_its_time() {
        let now = Instant::now();
        let quick = repeated(Learned::nothing(&bounds()), Seen::Answer(10 * MILLI), 200, now);
        assert_eq!((quick.interval, quick.reason), (bounds().quickest, Reason::Steady));
        let busy = repeated(Learned::nothing(&bounds()), Seen::Answer(150 * MILLI), 200, now);
        assert_eq!(busy.interval, 300 * MILLI);
    }

    #[test]
    fn the_pace_follows_slow_answers_and_comes_back() {
        let now = Instant::now();
        let slow = repeated(Learned::nothing(&bounds()), Seen::Answer(5_000 * MILLI), 50, now);
        assert_eq!((slow.interval, slow.reason), (10_000 * MILLI, Reason::SlowAnswers));
        let back = repeated(slow, Seen::Answer(100 * MILLI), 10, now);
        assert_eq!(back.reason, Reason::Learning);
        assert_eq!(repeated(back, Seen::Answer(100 * MILLI), 40, now).reason, Reason::Steady);
    }

    #[test]
    fn mercy_is_half_the_pace_until_the_penalty_ends_and_a_row_of_refusals_is_one() {
        let now = Instant::now();
        let refused = repeated(Learned::nothing(&bounds()), Seen::Throttled, 6, now);
        assert_eq!(refused.interval, 30_000 * MILLI);
        let calm = repeated(refused, Seen::Answer(50 * MILLI), 500, now + bounds().penalty / 2);
        assert_eq!((calm.interval, calm.reason), (1_000 * MILLI, Reason::Throttled));
        let over = repeated(calm, Seen::Answer(50 * MILLI), 500, now + bounds().penalty);
        assert_eq!((over.interval, over.reason), (100 * MILLI, Reason::Steady));
    }

    #[test]
    fn trouble_slows_down_at_once() {
        let strained = repeated(Learned::nothing(&bounds()), Seen::Strained, 2, Instant::now());
        assert_eq!((strained.interval, strained.reason), (1_125 * MILLI, Reason::Overloaded));
    }

    fn seen() -> impl Strategy<Value = Seen> {
        prop_oneof![
            4 => (0_u64..90_000).prop_map(|millis| Seen::Answer(Duration::from_millis(millis))),
            1 => Just(Seen::Throttled),
            1 => Just(Seen::Strained),
        ]
    }

    proptest! {
        #[test]
        fn the_pace_stays_within_its_bounds_and_never_below_a_penaltys_floor(events in prop::collection::vec((seen(), 0_u64..9_000), 0..300)) {
            let (bounds, mut now) = (bounds(), Instant::now());
            let mut learned = Learned::nothing(&bounds);
            for (seen, seconds) in events {
                now += Duration::from_secs(seconds);
                learned = learned.after(seen, &bounds, now);
                prop_assert!(learned.interval >= bounds.quickest && learned.interval <= bounds.slowest);
                if let Some(penalty) = learned.penalty {
                    prop_assert!(learned.interval >= penalty.floor && now < penalty.until);
                }
            }
        }

        #[test]
        fn trouble_never_makes_the_pace_quicker(events in prop::collection::vec(seen(), 0..100), is_throttle in any::<bool>()) {
            let (bounds, now) = (bounds(), Instant::now());
            let before = events.into_iter().fold(Learned::nothing(&bounds), |learned, seen| learned.after(seen, &bounds, now));
            let trouble = if is_throttle { Seen::Throttled } else { Seen::Strained };
            prop_assert!(before.after(trouble, &bounds, now).interval >= before.interval);
        }

        #[test]
        fn a_store_that_is_well_again_gets_its_pace_back(events in prop::collection::vec(seen(), 0..100)) {
            let (bounds, now) = (bounds(), Instant::now());
            let sick = events.into_iter().fold(Learned::nothing(&bounds), |learned, seen| learned.after(seen, &bounds, now));
            let well = repeated(sick, Seen::Answer(20 * MILLI), 400, now + bounds.penalty * 2);
            prop_assert_eq!((well.interval, well.reason), (bounds.quickest, Reason::Steady));
        }
    }
}
