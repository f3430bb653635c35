//! Notices that a whole host is down, from the stores that share it. Pure.
//!
//! One store's trouble is its own: a host is left alone only when several of its stores failed in a row and none of them was answered
//! meanwhile. Then one store at a time tries, and the first answer of any opens the host to all.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use storewire_domain::StoreId;

/// Fewer stores than this say nothing about their host.
const SEVERAL: usize = 3;

/// What is known of a host.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Stores whose last request failed, how often in a row, and when last.
    failing: HashMap<StoreId, (u32, Instant)>,
    closed: Option<Closed>,
}

#[derive(Debug)]
struct Closed {
    /// No request before this.
    until: Instant,
    /// Probes that failed.
    probes: u32,
    /// Which store probes, and until when it is believed to.
    probing: Option<(StoreId, Instant)>,
}

/// When a host is left alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Failures in a row, over all its stores.
    pub(crate) failures: u32,
    /// Older failures say nothing about now.
    pub(crate) window: Duration,
    /// For how long one probe is waited for.
    pub(crate) probe: Duration,
}

impl Health {
    /// A store of the host was answered. True if that opened the host.
    pub(crate) fn answered(&mut self) -> bool {
        self.failing.clear();
        self.closed.take().is_some()
    }

    /// A request to a store of the host failed in a way that hosts fail. `wait` gives the rest after so many failed probes. True if the
    /// host is left alone from now on, and was not before.
    pub(crate) fn failed(&mut self, store: StoreId, rule: Rule, now: Instant, wait: impl Fn(u32) -> Duration) -> bool {
        self.failing.retain(|_, (_, at)| now.saturating_duration_since(*at) <= rule.window);
        let (times, at) = self.failing.entry(store).or_insert((0, now));
        (*times, *at) = (times.saturating_add(1), now);
        if let Some(closed) = &mut self.closed {
            if closed.probing.is_some_and(|(prober, _)| prober == store) {
                closed.probes = closed.probes.saturating_add(1);
                (closed.until, closed.probing) = (now + wait(closed.probes), None);
            }
            return false;
        }
        let failures = self.failing.values().fold(0_u32, |sum, (times, _)| sum.saturating_add(*times));
        if self.failing.len() < SEVERAL || failures < rule.failures {
            return false;
        }
        self.closed = Some(Closed { until: now + wait(1), probes: 1, probing: None });
        true
    }

    /// Until when no store of the host sends anything; in the past if the next one probes.
    pub(crate) fn closed_until(&self) -> Option<Instant> {
        self.closed.as_ref().map(|closed| closed.until)
    }

    /// Whether a store of the host may send a request; after how long to ask again if not.
    pub(crate) fn admit(&mut self, store: StoreId, rule: Rule, now: Instant) -> Result<(), Duration> {
        let Some(closed) = &mut self.closed else { return Ok(()) };
        if now < closed.until {
            return Err(closed.until - now);
        }
        match closed.probing {
            Some((prober, until)) if prober != store && now < until => Err(until - now),
            _ => {
                closed.probing = Some((store, now + rule.probe));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const RULE: Rule = Rule { failures: 5, window: Duration::from_secs(900), probe: Duration::from_secs(60) };

    fn wait(times: u32) -> Duration {
        SECOND * 10 * times
    }

    #[test]
    fn one_store_alone_never_closes_its_host() {
        let (mut health, now, store) = (Health::default(), Instant::now(), StoreId::fresh());
        for _ in 0..1_000 {
            assert!(!health.failed(store, RULE, now, wait));
        }
        assert_eq!(health.admit(StoreId::fresh(), RULE, now), Ok(()));
    }

    #[test]
    fn several_that_fail_with_none_answered_close_it_and_one_probes() {
        let (mut health, now) = (Health::default(), Instant::now());
        let stores = [(); 3].map(|()| StoreId::fresh());
        let closed: Vec<bool> = (0..5).map(|at| health.failed(stores[at % 3], RULE, now, wait)).collect();
        assert_eq!(closed, [false, false, false, false, true]);
        assert_eq!(health.admit(stores[0], RULE, now), Err(10 * SECOND));
        let later = now + 10 * SECOND;
        assert_eq!(health.admit(stores[1], RULE, later), Ok(()));
        assert_eq!(health.admit(stores[0], RULE, later), Err(60 * SECOND));
        assert!(!health.failed(stores[1], RULE, later, wait));
        assert_eq!(health.admit(stores[0], RULE, later), Err(20 * SECOND));
        assert!(health.answered());
        assert_eq!(health.admit(stores[0], RULE, later), Ok(()));
    }

    #[test]
    fn an_answer_of_any_store_starts_the_count_anew() {
        let (mut health, now) = (Health::default(), Instant::now());
        let stores = [(); 4].map(|()| StoreId::fresh());
        for at in 0..1_000 {
            assert!(!health.failed(stores[at % 4], RULE, now, wait));
            if at % 4 == 3 {
                assert!(!health.answered());
            }
        }
    }

    #[test]
    fn a_prober_that_vanished_is_not_waited_for_for_ever() {
        let (mut health, now) = (Health::default(), Instant::now());
        let stores = [(); 3].map(|()| StoreId::fresh());
        for at in 0..5 {
            health.failed(stores[at % 3], RULE, now, wait);
        }
        let later = now + 10 * SECOND;
        assert_eq!(health.admit(stores[0], RULE, later), Ok(()));
        assert_eq!(health.admit(stores[1], RULE, later + 60 * SECOND), Ok(()));
    }
}
