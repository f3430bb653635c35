//! What one watcher saw of a step: when, and whether anything is missing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Result;

use crate::latency::Latencies;
use crate::pace::Step;

/// A watcher's notes, shared with the one who asks.
#[derive(Clone)]
pub struct Notes(Arc<Mutex<Tally>>);

/// See the module.
pub struct Tally {
    step: Option<Step>,
    pub times: Latencies,
    /// By place in the step.
    seen: Vec<bool>,
    num_seen: u64,
    /// The last number of each topic.
    last: HashMap<String, i64>,
    /// Numbers that were left out; over the whole life of the socket.
    pub gaps: u64,
    /// The server said that it cannot catch us up.
    pub reloads: u64,
    pub is_open: bool,
}

/// How many events a watcher did not see, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// A later version of the same order was seen: the two were applied as one change.
    pub folded: u64,
    /// Nothing of it, nor of anything that replaced it.
    pub lost: u64,
}

impl Notes {
    /// # Errors
    /// Never.
    pub fn new() -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Tally {
            step: None,
            times: Latencies::new()?,
            seen: Vec::new(),
            num_seen: 0,
            last: HashMap::new(),
            gaps: 0,
            reloads: 0,
            is_open: true,
        }))))
    }

    /// Whoever panicked while holding it left nothing half done.
    pub fn lock(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    /// Forgets the step before.
    ///
    /// # Errors
    /// Never.
    pub fn begin(&mut self, step: Step) -> Result<()> {
        self.times = Latencies::new()?;
        self.seen = vec![false; usize::try_from(step.count)?];
        self.num_seen = 0;
        self.step = Some(step);
        Ok(())
    }

    /// A numbered frame came. Repeats are allowed, gaps are not.
    pub fn number(&mut self, topic: &str, seq: i64) {
        match self.last.get_mut(topic) {
            Some(last) if seq > *last => {
                self.gaps += u64::try_from(seq - *last - 1).unwrap_or_default();
                *last = seq;
            }
            Some(_) => {}
            None => {
                self.last.insert(topic.to_owned(), seq);
            }
        }
    }

    /// Word of an event came.
    pub fn event(&mut self, event: u64, now: Instant) {
        let Some((step, due)) = self.step.and_then(|step| Some((step, step.due(event)?))) else { return };
        let place = usize::try_from(event - step.first).ok().and_then(|place| self.seen.get_mut(place));
        if let Some(seen) = place.filter(|seen| !**seen) {
            *seen = true;
            self.num_seen += 1;
            self.times.add(now.saturating_duration_since(due));
        }
    }

    #[must_use]
    pub fn has_all(&self) -> bool {
        self.step.is_some_and(|step| self.num_seen == step.count)
    }

    #[must_use]
    pub const fn num_seen(&self) -> u64 {
        self.num_seen
    }

    /// What is missing, given how many events there are from one version of an order to its next.
    #[must_use]
    pub fn missing(&self, period: u64) -> Missing {
        let period = usize::try_from(period).unwrap_or(usize::MAX).max(1);
        let mut missing = Missing::default();
        for (place, _) in self.seen.iter().enumerate().filter(|(_, seen)| !**seen) {
            let mut later = self.seen.iter().skip(place).step_by(period).skip(1);
            if later.any(|seen| *seen) { missing.folded += 1 } else { missing.lost += 1 }
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_unseen_event_is_folded_if_a_later_version_was_seen_and_lost_otherwise() {
        let started = Instant::now();
        let notes = Notes::new().unwrap();
        let mut tally = notes.lock();
        tally.begin(Step { first: 10, count: 6, rate: 1_000, started }).unwrap();
        for event in [12, 13, 14, 14, 9, 16] {
            tally.event(event, started + Duration::from_millis(30));
        }
        // With two orders: 10 is followed by 12 and 14; 11 by 13 and 15.
        assert_eq!(tally.missing(2), Missing { folded: 2, lost: 1 });
        assert_eq!((tally.num_seen(), tally.has_all()), (3, false));
        assert_eq!(tally.missing(100), Missing { folded: 0, lost: 3 });
    }

    #[test]
    fn delays_count_from_when_an_event_was_due() {
        let started = Instant::now();
        let notes = Notes::new().unwrap();
        let mut tally = notes.lock();
        tally.begin(Step { first: 0, count: 11, rate: 1_000, started }).unwrap();
        tally.event(10, started + Duration::from_millis(15));
        let p50 = tally.times.percentiles().p50_us;
        assert!((4_990..5_010).contains(&p50), "{p50}");
    }

    #[test]
    fn numbers_left_out_are_gaps_and_repeats_are_not() {
        let notes = Notes::new().unwrap();
        let mut tally = notes.lock();
        for (topic, seq) in [("a", 5), ("a", 6), ("b", 1), ("a", 6), ("a", 9), ("b", 2)] {
            tally.number(topic, seq);
        }
        assert_eq!(tally.gaps, 2);
    }
}
