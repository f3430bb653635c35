//! How often, and whether at all, a store is asked: every request to it passes here first, and teaches.
//!
//! One request is under way at a time, but a walk may have a few of a store that is well and far away. The limiter gives each its turn, at
//! a pace that is learned; a store that asked for quiet gets it; a fuse blows after failures in a row, and one of its host's after
//! failures of several stores. What a person clicked has a small budget of its own, so that it does not queue behind the background's;
//! quiet and fuses hold for it as well.

pub(super) mod breaker;
mod crowd;
mod entrance;
mod host;
pub(super) mod kind;
mod learn;
mod limiter;
pub(super) mod mind;
mod page_size;
mod width;

use std::{
    sync::{
        Arc, Mutex as StdMutex, MutexGuard as StdMutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use storewire_db::budgets::Budget;
use storewire_domain::{StoreId, retry::RetryPolicy};
use storewire_woo::{Failure, WooError};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use self::{
    breaker::Admission,
    crowd::{Host, Membership, Seat},
    host::Rule,
    kind::Kind,
    learn::Bounds,
    limiter::Limiter,
    mind::Mind,
};
pub(crate) use self::{crowd::Crowd, mind::Mood};
use crate::EngineConfig;

/// The code of an error that says: nothing was sent, the store is left alone.
pub(crate) const RESTING: &str = "resting";
/// The same, because its host is.
pub(crate) const HOST_RESTING: &str = "host_resting";
/// A person's requests wait for at most so many steady intervals each.
const MOST_PATIENT: u32 = 4;
const MOST_AT_ONCE: usize = width::MOST as usize;

/// On whose behalf a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    Background,
    /// A person waits for it.
    Person,
}

/// Owned by one store's actor, lent to the job that speaks to the store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pace(Arc<Inner>);

struct Inner {
    store: StoreId,
    config: Arc<EngineConfig>,
    steady: Duration,
    crowd: Crowd,
    _membership: Membership,
    /// Its next request is to wait for its turn among stores that began together.
    is_in_line: AtomicBool,
    limiter: Limiter,
    /// The share that is kept for people.
    for_people: Limiter,
    under_way: Semaphore,
    /// A person waits for what is under way to end: it shall not dawdle.
    is_person_waiting: AtomicBool,
    person_came: Notify,
    /// The next request is what a person asked for.
    is_for_person: AtomicBool,
    mind: StdMutex<Mind>,
}

/// The right to send one request.
pub(crate) struct Turn<'a> {
    _under_way: Option<SemaphorePermit<'a>>,
    /// Given back before the answer if that takes long.
    pub(crate) seat: Option<Seat>,
    /// Only something small may be asked, to learn whether the store is well.
    pub(crate) is_probe: bool,
}

impl Pace {
    pub(crate) fn new(store: StoreId, config: &Arc<EngineConfig>, crowd: Crowd) -> Self {
        let bounds = Bounds::new(config);
        Self(Arc::new(Inner {
            store,
            config: Arc::clone(config),
            _membership: crowd.join(),
            crowd,
            is_in_line: AtomicBool::new(false),
            limiter: Limiter::new(bounds.steady, config.request_burst),
            for_people: Limiter::new(bounds.steady, config.request_burst),
            under_way: Semaphore::new(MOST_AT_ONCE),
            is_person_waiting: AtomicBool::new(false),
            person_came: Notify::new(),
            is_for_person: AtomicBool::new(false),
            mind: StdMutex::new(Mind::new(config)),
            steady: bounds.steady,
        }))
    }

    /// Settles on the store's host, and goes on with what was known before a restart.
    pub(crate) fn restore(&self, host: &str, known: Option<&Budget>, now: Timestamp) {
        let mut mind = self.mind();
        if mind.host.as_ref().is_none_or(|known| known.name != host) {
            mind.host = Some(self.0.crowd.host(host));
        }
        mind.restore(known, now, Instant::now());
        self.follow(mind.interval());
    }

    /// Records to ask for per page.
    pub(crate) fn page_size(&self) -> u32 {
        self.mind().page_size()
    }

    /// How many pages a walk may have asked for and not used up yet, if it uses one up in `spent`: no more than the store answers in that
    /// time, nor than its pace allows. One, unless the store is well.
    pub(crate) fn pages_at_once(&self, spent: Duration) -> usize {
        self.mind().pages_at_once(spent)
    }

    /// Whether a person waits for what is under way to end.
    pub(crate) fn is_person_waiting(&self) -> bool {
        self.0.is_person_waiting.load(Ordering::Acquire)
    }

    /// When the background may send its next request, as far as is known now.
    pub(crate) fn ready_at(&self) -> Instant {
        self.0.limiter.ready_at()
    }

    /// Nothing is sent before this, not even for a person.
    pub(crate) fn quiet_until(&self) -> Option<Instant> {
        self.mind().quiet_until.filter(|until| *until > Instant::now())
    }

    /// Nothing is sent before this, unless a person asks.
    pub(crate) fn rests_until(&self) -> Option<Instant> {
        self.mind().rests_until(Instant::now())
    }

    /// The store's place in the interval has come: its next request waits until those of stores with places just before are sent.
    pub(crate) fn line_up(&self) {
        self.0.is_in_line.store(true, Ordering::Release);
    }

    /// A person asks: a probe need not wait, and what is under way shall not dawdle.
    pub(crate) fn hurry(&self) {
        self.mind().fuse.hurry(Instant::now());
        self.0.is_person_waiting.store(true, Ordering::Release);
        self.0.person_came.notify_waiters();
    }

    /// A step begins: whether a person asked for it, whose first request then is not the background's, and whether another still waits.
    pub(crate) fn begin(&self, is_for_person: bool, is_person_waiting: bool) {
        self.0.is_for_person.store(is_for_person, Ordering::Release);
        self.0.is_person_waiting.store(is_person_waiting, Ordering::Release);
    }

    /// Waits until one more request may be sent.
    ///
    /// # Errors
    /// `RESTING` or `HOST_RESTING` if none may be for a while.
    pub(crate) async fn turn(&self, urgency: Urgency) -> Result<Turn<'_>, WooError> {
        self.admit()?;
        let is_for_person = self.0.is_for_person.swap(false, Ordering::AcqRel) || urgency == Urgency::Person;
        let mut seat = None;
        if is_for_person {
            wait_for(&self.0.for_people).await;
        } else {
            if self.0.is_in_line.swap(false, Ordering::AcqRel) {
                self.wait_unless_hurried(self.0.crowd.turn(Instant::now())).await;
            }
            self.wait_in_line().await;
            let host = self.mind().host.clone();
            if let Some(host) = host {
                seat = Some(host.seat().await);
            }
        }
        // It is never closed.
        let under_way = self.0.under_way.acquire().await.ok();
        // While it waited, an answer may have changed everything.
        let is_probe = self.admit()? == Admission::Probe;
        self.mind().count();
        Ok(Turn { _under_way: under_way, seat, is_probe })
    }

    async fn wait_unless_hurried(&self, until: Instant) {
        let person_came = self.0.person_came.notified();
        if !self.0.is_person_waiting.load(Ordering::Acquire) {
            tokio::select! {
                () = tokio::time::sleep_until(until.into()) => {}
                () = person_came => {}
            }
        }
    }

    async fn wait_in_line(&self) {
        let steady = self.0.steady;
        while let Err(wait) = self.0.limiter.take() {
            let person_came = self.0.person_came.notified();
            if self.0.is_person_waiting.load(Ordering::Acquire) {
                return tokio::time::sleep(wait.min(steady)).await;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = person_came => {}
            }
        }
    }

    fn admit(&self) -> Result<Admission, WooError> {
        let (config, now) = (&self.0.config, Instant::now());
        let (admission, host) = {
            let mind = self.mind();
            (mind.admit(now)?, mind.host.clone())
        };
        if let Some(host) = host
            && let Err(wait) = host.health().admit(self.0.store, rule(config), now)
        {
            return Err(WooError::resting(Failure::Overloaded, HOST_RESTING, wait));
        }
        Ok(admission)
    }

    /// Learns from how long a request took and how it ended.
    pub(crate) fn learn(&self, took: Duration, error: Option<&WooError>) {
        let kind = Kind::of(error);
        let is_alone = self.0.under_way.available_permits() + 1 >= MOST_AT_ONCE;
        let host = {
            let mut mind = self.mind();
            mind.widen(kind, took, is_alone);
            if let Some(rest) = mind.learn(kind, took, error, Instant::now(), rand::random()) {
                let (failures, wait_ms) = (mind.fuse.failures, rest.as_millis());
                tracing::warn!(store.id = %self.0.store, failures, wait_ms, "store is left alone; its index is tried next");
                metrics::counter!("storewire_fuses_blown_total").increment(1);
            }
            self.follow(mind.interval());
            mind.host.clone()
        };
        if let Some(host) = host {
            self.tell_host(&host, kind);
        }
    }

    /// Takes the pace that was learned. One click finds its burst whatever that is; many writes in a row spare the store as well.
    fn follow(&self, interval: Duration) {
        let steady = self.0.steady;
        self.0.limiter.set_interval(interval);
        self.0.for_people.set_interval(interval.clamp(steady, steady.saturating_mul(MOST_PATIENT)));
    }

    fn tell_host(&self, host: &Host, kind: Kind) {
        let config = &self.0.config;
        if kind.is_answer() {
            if host.health().answered() {
                tracing::info!(host = host.name, "host answers again");
            }
        } else if kind == Kind::HostTrouble {
            let wait = |probes| config.retry.delay(probes, rand::random());
            if host.health().failed(self.0.store, rule(config), Instant::now(), wait) {
                tracing::warn!(host = host.name, "several stores of a host do not answer; it is left alone");
            }
        }
    }

    /// Learns from how a listing ended; one that was held back says nothing.
    pub(crate) fn learn_page(&self, error: Option<&WooError>) {
        if !error.is_some_and(is_resting) {
            self.mind().learn_page(error);
        }
    }

    /// What people are to be told at once when it changes.
    pub(crate) fn mood(&self) -> Mood {
        self.mind().mood(Instant::now())
    }

    /// How the store is treated now, to be written down.
    pub(crate) fn budget(&self, at: Timestamp) -> Budget {
        self.mind().budget(at, Instant::now())
    }

    fn mind(&self) -> StdMutexGuard<'_, Mind> {
        self.0.mind.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nothing was sent, because the store or its host is left alone.
pub(crate) fn is_resting(error: &WooError) -> bool {
    matches!(error.code.as_deref(), Some(RESTING | HOST_RESTING))
}

fn rule(config: &EngineConfig) -> Rule {
    let RetryPolicy { cap, .. } = config.retry;
    Rule { failures: config.breaker_failures, window: cap, probe: config.slow_answer.saturating_mul(10) }
}

async fn wait_for(limiter: &Limiter) {
    while let Err(wait) = limiter.take() {
        tokio::time::sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_asked_for_mercy_is_spared_by_people_too_but_not_for_long() {
        let config = EngineConfig::new("https://ops.example.com".parse().unwrap());
        let config = Arc::new(EngineConfig { request_burst: 1, ..config });
        let steady = config.request_interval;
        let pace = Pace::new(StoreId::fresh(), &config, Crowd::new(&config));
        let mercy = WooError::resting(Failure::Throttled, "said_by_the_store", Duration::ZERO);
        for _ in 0..10 {
            pace.learn(Duration::ZERO, Some(&mercy));
        }
        assert!(pace.0.for_people.take().is_ok(), "a single click waits");
        let wait = pace.0.for_people.take().unwrap_err();
        assert!(wait > steady * 3 && wait <= steady * 4, "{wait:?}");
    }
}
