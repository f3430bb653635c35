//! Notices records that are updated in a loop, so that one read answers for many deliveries, and what the loop looks like.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::record::Key;

/// Records with deliveries in the last window. Lost with the actor, which then takes a moment longer to notice.
#[derive(Default)]
pub(crate) struct Storms {
    records: HashMap<Key, Deliveries>,
    /// Those that go on. Few, so that they are looked through after every batch.
    storms: HashMap<Key, Storm>,
    /// So many records are kept before the quiet ones are looked for again.
    room: usize,
    /// Whether what an earlier actor left behind was looked after.
    pub(crate) has_looked_back: bool,
}

/// With fewer records than this the quiet ones are not looked for.
const SMALLEST_ROOM: usize = 1_000;

/// What makes a storm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Deliveries about one record within `window`.
    pub(crate) deliveries: usize,
    pub(crate) window: Duration,
}

/// When deliveries about one record were received, as many as a storm takes.
#[derive(Default)]
struct Deliveries(VecDeque<Timestamp>);

#[derive(Clone, Debug)]
struct Storm {
    since: Timestamp,
    saves: u64,
    content: Option<[u8; 32]>,
    has_changed: bool,
}

/// How a record's deliveries look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Calm,
    /// A storm has just begun; so many deliveries came within the window.
    Rising(usize),
    Storm,
}

/// A storm that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    pub(crate) key: Key,
    /// Deliveries from when it was noticed.
    pub(crate) saves: u64,
    pub(crate) seconds: i64,
    /// False if the record was saved over and over without a change: plugins, or WooCommerce's own order storage synchronisation, do
    /// that.
    pub(crate) has_changed: bool,
}

impl Storms {
    /// Counts a delivery about a record, by when it was received: what waited long came in no storm. `content` tells versions apart, and is asked for only in a storm.
    pub(crate) fn count(
        &mut self,
        key: &Key,
        content: impl FnOnce() -> Option<[u8; 32]>,
        limits: &Limits,
        received_at: Timestamp,
    ) -> Weather {
        let window = signed(limits.window);
        if self.records.len() > self.room.max(SMALLEST_ROOM) {
            let storms = &self.storms;
            self.records.retain(|key, record| storms.contains_key(key) || !record.is_quiet(window, received_at));
            // Twice what is lively now, so that a shop that touches everything at once does not pay for it with each delivery.
            self.room = self.records.len() * 2;
        }
        let Deliveries(times) = self.records.entry(key.clone()).or_default();
        let storm = self.storms.get_mut(key);
        if times.back().is_some_and(|last| received_at <= *last) {
            // Its batch failed and is tried again.
            return match storm {
                None => Weather::Calm,
                Some(storm) if storm.since == received_at => Weather::Rising(times.len()),
                Some(_) => Weather::Storm,
            };
        }
        while times.front().is_some_and(|at| received_at.duration_since(*at) > window) {
            times.pop_front();
        }
        times.push_back(received_at);
        // More than the limit says nothing more.
        if times.len() > limits.deliveries {
            times.pop_front();
        }
        if let Some(storm) = storm {
            storm.saves += 1;
            storm.has_changed |= storm.content != content();
            return Weather::Storm;
        }
        if times.len() < limits.deliveries {
            return Weather::Calm;
        }
        let rising = Weather::Rising(times.len());
        let storm = Storm { since: received_at, saves: 1, content: content(), has_changed: false };
        self.storms.insert(key.clone(), storm);
        rising
    }

    /// Storms of which nothing came for a whole window; each is told once.
    pub(crate) fn take_over(&mut self, window: Duration, now: Timestamp) -> Vec<Over> {
        let (window, records) = (signed(window), &self.records);
        let of = |key: &Key| records.get(key);
        let over = self.storms.extract_if(|key, _| of(key).is_none_or(|record| record.is_quiet(window, now)));
        let told = over.map(|(key, storm)| {
            let last = of(&key).and_then(|Deliveries(times)| times.back().copied()).unwrap_or(storm.since);
            let seconds = last.duration_since(storm.since).as_secs();
            Over { key, saves: storm.saves, seconds, has_changed: storm.has_changed }
        });
        told.collect()
    }

    /// Whether any record is in a storm.
    pub(crate) fn is_stormy(&self) -> bool {
        !self.storms.is_empty()
    }
}

impl Deliveries {
    fn is_quiet(&self, window: SignedDuration, now: Timestamp) -> bool {
        self.0.back().is_none_or(|at| now.duration_since(*at) > window)
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use storewire_domain::RemoteId;

    use super::*;
    use crate::store::record::Noun;

    const MINUTE: Duration = Duration::from_secs(60);
    const LIMITS: Limits = Limits { deliveries: 4, window: MINUTE };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn key(id: u64) -> Key {
        (Noun::Order, RemoteId::from(id))
    }

    #[test]
    fn a_record_updated_in_a_loop_is_noticed_once() {
        let mut storms = Storms::default();
        let mut count = |second| storms.count(&key(7), || None, &LIMITS, at(second));
        assert_eq!([0, 1, 2].map(&mut count), [Weather::Calm; 3]);
        assert_eq!(count(3), Weather::Rising(4));
        assert_eq!([4, 20, 90].map(&mut count), [Weather::Storm; 3]);
    }

    #[test]
    fn what_is_tried_again_is_counted_once_and_a_storm_is_announced_again() {
        let mut storms = Storms::default();
        let mut count = |second| storms.count(&key(7), || None, &LIMITS, at(second));
        assert_eq!([0; 20].map(&mut count), [Weather::Calm; 20]);
        assert_eq!(
            [1, 2, 3, 3, 2].map(&mut count),
            [Weather::Calm, Weather::Calm, Weather::Rising(4), Weather::Rising(4), Weather::Storm]
        );
    }

    #[test]
    fn quiet_records_are_forgotten_and_lively_ones_are_not() {
        let mut storms = Storms::default();
        for id in 0..5_000 {
            storms.count(&key(id), || None, &LIMITS, at(0));
        }
        for id in 5_000..9_000 {
            storms.count(&key(id), || None, &LIMITS, at(100));
        }
        assert!(storms.records.len() < 8_000 && storms.records.contains_key(&key(8_999)), "{}", storms.records.len());
    }

    #[test]
    fn a_storm_is_over_after_a_quiet_window_and_says_whether_anything_changed() {
        let mut storms = Storms::default();
        for (id, contents) in [(7, [1, 1]), (8, [1, 2])] {
            for second in 0..10 {
                let content = contents[usize::try_from(second).unwrap() % 2];
                storms.count(&key(id), || Some([content; 32]), &LIMITS, at(second));
            }
        }
        assert!(storms.is_stormy());
        assert_eq!(storms.take_over(MINUTE, at(60)), []);
        let mut over = storms.take_over(MINUTE, at(70));
        over.sort_by(|a, b| a.key.cmp(&b.key));
        let seven = Over { key: key(7), saves: 7, seconds: 6, has_changed: false };
        assert_eq!(over, [seven.clone(), Over { key: key(8), has_changed: true, ..seven }]);
        assert!(!storms.is_stormy());
        assert_eq!(storms.take_over(MINUTE, at(80)), []);
        assert_eq!(storms.count(&key(7), || None, &LIMITS, at(90)), Weather::Calm);
    }

    #[test]
    fn other_records_stay_calm() {
        let mut storms = Storms::default();
        for second in 0..20 {
            storms.count(&key(7), || None, &LIMITS, at(second));
        }
        assert_eq!(storms.count(&key(9), || None, &LIMITS, at(20)), Weather::Calm);
    }
}
