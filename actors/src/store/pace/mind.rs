//! All that is known of how a store takes our requests: learned from answers, written down as its budget, restored from there. It is told
//! what time it is.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use storewire_db::budgets::{Breaker, Budget};
use storewire_domain::retry::RetryPolicy;
use storewire_woo::{Failure, WooError};

use super::{
    RESTING,
    breaker::{Admission, Fuse},
    crowd::Host,
    kind::Kind,
    learn::{Bounds, Learned, Reason},
    page_size::PageSize,
    width::Width,
};
use crate::EngineConfig;

/// The longest quiet that a store is granted.
const LONGEST_QUIET: Duration = Duration::from_secs(3_600);
/// A store that takes a larger part of what counts as slow is busy with one answer, not far away.
const FAR_AWAY: u32 = 4;

/// See the module.
pub(crate) struct Mind {
    bounds: Bounds,
    retry: RetryPolicy,
    breaker_failures: u32,
    learned: Learned,
    page_size: PageSize,
    width: Width,
    pub(crate) fuse: Fuse,
    /// The store asked for quiet until then.
    pub(crate) quiet_until: Option<Instant>,
    pub(crate) host: Option<Arc<Host>>,
    /// Requests sent so far, over all times.
    requests: i64,
    is_restored: bool,
}

/// What people are told at once when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mood {
    reason: Reason,
    breaker: Breaker,
    is_quiet: bool,
    page_size: u32,
}

impl Mind {
    pub(crate) fn new(config: &EngineConfig) -> Self {
        let bounds = Bounds::new(config);
        Self {
            learned: Learned::nothing(&bounds),
            bounds,
            retry: config.retry,
            breaker_failures: config.breaker_failures,
            page_size: PageSize::new(config.page_size),
            width: Width::new(),
            fuse: Fuse::default(),
            quiet_until: None,
            host: None,
            requests: 0,
            is_restored: false,
        }
    }

    /// Goes on with what was known before a restart; only once.
    pub(crate) fn restore(&mut self, known: Option<&Budget>, at: Timestamp, now: Instant) {
        if std::mem::replace(&mut self.is_restored, true) {
            return;
        }
        let Some(known) = known else { return };
        // A clock that was far ahead when this was written must not keep the store alone for as long.
        let later = |until: Option<Timestamp>, longest: Duration| {
            Some(now + Duration::try_from(until?.duration_since(at)).ok()?.min(longest))
        };
        let penalty_until = later(known.slower_until, self.bounds.penalty);
        let reason = Reason::read(&known.reason);
        self.learned = Learned::again(&self.bounds, known.request_interval, known.latency, reason, penalty_until);
        self.page_size = self.page_size.again(known.page_size);
        self.fuse.failures = known.failures;
        match known.breaker {
            Breaker::Closed => self.quiet_until = later(known.rests_until, LONGEST_QUIET),
            Breaker::Open | Breaker::HalfOpen => {
                self.fuse.blown = Some(later(known.rests_until, LONGEST_QUIET).unwrap_or(now));
            }
        }
        self.requests += known.requests;
    }

    /// From one request to the next.
    pub(crate) const fn interval(&self) -> Duration {
        self.learned.interval
    }

    /// Records to ask for per page.
    pub(crate) const fn page_size(&self) -> u32 {
        self.page_size.get()
    }

    /// How many pages a walk may have asked for that uses one up in `spent`.
    pub(crate) fn pages_at_once(&self, spent: Duration) -> usize {
        let is_well = self.learned.reason == Reason::Steady && self.fuse.failures == 0 && self.fuse.blown.is_none();
        let near = |latency: &Duration| *latency <= self.bounds.slow_answer / FAR_AWAY;
        let Some(latency) = self.learned.latency.filter(near).filter(|_| is_well) else { return 1 };
        let each = self.learned.interval.max(spent).max(Duration::from_micros(1));
        let useful = latency.as_micros().div_ceil(each.as_micros());
        usize::try_from(useful).unwrap_or(usize::MAX).clamp(1, self.width.get() as usize)
    }

    /// Learns from how long a request took, beside others or alone, how many the store bears at once.
    pub(crate) fn widen(&mut self, kind: Kind, took: Duration, is_alone: bool) {
        self.width = if kind.is_answer() { self.width.answered(took, is_alone) } else { self.width.troubled() };
    }

    /// A request goes out.
    pub(crate) const fn count(&mut self) {
        self.requests = self.requests.saturating_add(1);
    }

    /// What may be sent now.
    ///
    /// # Errors
    /// Nothing may, and for how long.
    pub(crate) fn admit(&self, now: Instant) -> Result<Admission, WooError> {
        if let Some(until) = self.quiet_until.filter(|until| *until > now) {
            return Err(WooError::resting(Failure::Throttled, RESTING, until - now));
        }
        match self.fuse.admit(now) {
            Admission::Rest(wait) => Err(WooError::resting(Failure::Overloaded, RESTING, wait)),
            admission => Ok(admission),
        }
    }

    /// Learns from how long a request took and how it ended, at `now`; `random` is uniform in 0..=1. Answers for how long the store is left
    /// alone if that is new.
    pub(crate) fn learn(
        &mut self,
        kind: Kind,
        took: Duration,
        error: Option<&WooError>,
        now: Instant,
        random: f64,
    ) -> Option<Duration> {
        if let Some(seen) = kind.seen(took) {
            self.learned = self.learned.after(seen, &self.bounds, now);
        }
        let speaks_of_pace = |class| matches!(class, Failure::Throttled | Failure::Overloaded | Failure::Maintenance);
        let asked = error.filter(|error| speaks_of_pace(error.class)).and_then(WooError::retry_after);
        if let Some(quiet) = asked {
            self.quiet_until = self.quiet_until.max(Some(now + quiet.min(LONGEST_QUIET)));
        }
        if kind.is_answer() {
            self.fuse.answered();
            return None;
        }
        let wait = self.retry.delay(self.fuse.failures.saturating_add(1), random);
        let was_whole = self.fuse.blown.is_none();
        self.fuse.failed(self.breaker_failures, kind.blows_at_once(), now + wait);
        (was_whole && self.fuse.blown.is_some()).then_some(wait)
    }

    /// Learns from how a listing ended.
    pub(crate) fn learn_page(&mut self, error: Option<&WooError>) {
        match error.map(|error| error.class) {
            None => self.page_size = self.page_size.came(),
            Some(Failure::Timeout | Failure::Overloaded | Failure::TooLarge | Failure::Interrupted) => {
                self.page_size = self.page_size.broke();
            }
            Some(_) => {}
        }
    }

    /// Nothing is sent before this, unless a person asks.
    pub(crate) fn rests_until(&self, now: Instant) -> Option<Instant> {
        let host = self.host.as_ref().and_then(|host| host.health().closed_until());
        self.quiet_until.max(self.fuse.blown).max(host).filter(|until| *until > now)
    }

    pub(crate) fn mood(&self, now: Instant) -> Mood {
        Mood {
            reason: self.learned.reason,
            breaker: self.breaker(now),
            is_quiet: self.quiet_until.is_some_and(|until| until > now),
            page_size: self.page_size.get(),
        }
    }

    /// How the store is treated now, to be written down.
    pub(crate) fn budget(&self, at: Timestamp, now: Instant) -> Budget {
        let still = |until: Option<Instant>| {
            let left = until?.checked_duration_since(now)?;
            at.saturating_add(SignedDuration::try_from(left).ok()?).ok()
        };
        Budget {
            request_interval: self.learned.interval,
            reason: self.learned.reason.as_str().to_owned(),
            page_size: self.page_size.get(),
            latency: self.learned.latency,
            breaker: self.breaker(now),
            rests_until: still(self.rests_until(now)),
            slower_until: still(self.learned.penalty.map(|penalty| penalty.until)),
            failures: self.fuse.failures,
            requests: self.requests,
            updated_at: at,
        }
    }

    /// The store's own fuse, or that of its host.
    fn breaker(&self, now: Instant) -> Breaker {
        let is_host_closed = self.host.as_ref().is_some_and(|host| host.health().closed_until().is_some());
        match self.fuse.admit(now) {
            Admission::Open if is_host_closed => Breaker::Open,
            Admission::Open => Breaker::Closed,
            Admission::Probe => Breaker::HalfOpen,
            Admission::Rest(_) => Breaker::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mind() -> Mind {
        Mind::new(&EngineConfig::new("https://ops.example.com".parse().unwrap()))
    }

    fn at() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn failed(class: Failure, quiet: Duration) -> WooError {
        WooError::resting(class, "said_by_the_store", quiet)
    }

    #[test]
    fn what_was_learned_outlives_a_restart() {
        let mut before = mind();
        let hour = Duration::from_secs(3_600);
        let error = failed(Failure::Throttled, hour * 24);
        before.learn(Kind::Throttled, Duration::ZERO, Some(&error), Instant::now(), 1.0);
        before.learn_page(Some(&failed(Failure::Timeout, Duration::ZERO)));
        before.count();
        let written = before.budget(at(), Instant::now());
        let rest = written.rests_until.unwrap().duration_since(at());
        assert!(rest > SignedDuration::from_secs(3_590) && rest <= SignedDuration::from_secs(3_600), "{rest:?}");

        let mut after = mind();
        after.restore(Some(&written), at(), Instant::now());
        let again = after.budget(at(), Instant::now());
        assert!(again.rests_until.unwrap().duration_since(at()) > SignedDuration::from_secs(3_590));
        assert_eq!((again.request_interval, again.page_size, again.requests), (written.request_interval, 50, 1));
        assert_eq!((again.reason.as_str(), again.slower_until.is_some()), ("throttled", true));
        after.restore(None, at(), Instant::now());
        assert_eq!(after.page_size(), 50);
    }

    #[test]
    fn what_was_written_by_a_clock_far_ahead_is_not_waited_for() {
        for breaker in [Breaker::Closed, Breaker::Open] {
            let mut before = mind();
            let error = failed(Failure::Throttled, Duration::from_secs(60));
            before.learn(Kind::Throttled, Duration::ZERO, Some(&error), Instant::now(), 1.0);
            let ahead = at().saturating_add(SignedDuration::from_hours(24 * 365)).unwrap();
            let written = Budget { breaker, ..before.budget(ahead, Instant::now()) };
            let mut after = mind();
            after.restore(Some(&written), at(), Instant::now());
            let again = after.budget(at(), Instant::now());
            let hour = SignedDuration::from_hours(1);
            assert!(again.rests_until.unwrap().duration_since(at()) <= hour, "{breaker:?} {:?}", again.rests_until);
            assert!(again.slower_until.unwrap().duration_since(at()) <= hour * 24, "{:?}", again.slower_until);
        }
    }

    #[test]
    fn a_fuse_that_had_blown_is_tried_with_a_probe_after_a_restart() {
        let mut before = mind();
        let error = failed(Failure::Timeout, Duration::ZERO);
        let mut fail = || before.learn(Kind::HostTrouble, Duration::ZERO, Some(&error), Instant::now(), 1.0).is_some();
        let told: Vec<bool> = (0..6).map(|_| fail()).collect();
        assert_eq!(told, [false, false, false, false, true, false]);
        let mut after = mind();
        after.restore(Some(&before.budget(at(), Instant::now())), at(), Instant::now());
        assert_eq!(after.budget(at(), Instant::now()).breaker, Breaker::Open);
        let mut much_later = mind();
        let hour_later = at().saturating_add(SignedDuration::from_hours(1)).unwrap();
        much_later.restore(Some(&before.budget(at(), Instant::now())), hour_later, Instant::now());
        assert_eq!(much_later.budget(at(), Instant::now()).breaker, Breaker::HalfOpen);
    }
}
