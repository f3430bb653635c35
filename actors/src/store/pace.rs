//! How often, and whether at all, a store is asked: every request to it passes here first, and teaches.
//!
//! One request is under way at a time. The limiter gives each its turn, at a pace that is learned; a store that asked for quiet gets it; a
//! fuse blows after failures in a row, and one of its host's after failures of several stores. What a person clicked has a small budget
//! of its own, so that it does not queue behind the background's; quiet and fuses hold for it as well.

mod breaker;
mod crowd;
mod host;
mod learn;
mod limiter;
mod page_size;

use std::{
    sync::{
        Arc, Mutex as StdMutex, MutexGuard as StdMutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use storewire_db::budgets::{Breaker, Budget};
use storewire_domain::{StoreId, retry::RetryPolicy};
use storewire_woo::{Failure, WooError};
use tokio::sync::{Mutex, MutexGuard, Notify};

pub(crate) use crowd::Crowd;

use crate::EngineConfig;
use breaker::{Admission, Fuse};
use crowd::{Host, Seat};
use host::Rule;
use learn::{Bounds, Learned, Reason, Seen};
use limiter::Limiter;
use page_size::PageSize;

/// The code of an error that says: nothing was sent, the store is left alone.
pub(crate) const RESTING: &str = "resting";
/// The same, because its host is.
pub(crate) const HOST_RESTING: &str = "host_resting";
/// The longest quiet that a store is granted.
const LONGEST_QUIET: Duration = Duration::from_secs(3_600);

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
    bounds: Bounds,
    crowd: Crowd,
    limiter: Limiter,
    /// The share that is kept for people.
    for_people: Limiter,
    under_way: Mutex<()>,
    requests: AtomicI64,
    /// A person waits for what is under way to end: it shall not dawdle.
    is_person_waiting: AtomicBool,
    person_came: Notify,
    mind: StdMutex<Mind>,
}

struct Mind {
    learned: Learned,
    page_size: PageSize,
    fuse: Fuse,
    /// The store asked for quiet until then.
    quiet_until: Option<Instant>,
    host: Option<Arc<Host>>,
    is_restored: bool,
}

/// The right to send one request.
pub(crate) struct Turn<'a> {
    _under_way: MutexGuard<'a, ()>,
    /// Given back before the answer if that takes long.
    pub(crate) seat: Option<Seat>,
    /// Only something small may be asked, to learn whether the store is well.
    pub(crate) is_probe: bool,
}

/// What people are told at once when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mood {
    reason: Reason,
    breaker: Breaker,
    is_quiet: bool,
    page_size: u32,
}

impl Pace {
    pub(crate) fn new(store: StoreId, config: &Arc<EngineConfig>, crowd: Crowd) -> Self {
        let bounds = Bounds::new(config);
        Self(Arc::new(Inner {
            store,
            config: Arc::clone(config),
            crowd,
            limiter: Limiter::new(bounds.steady, config.request_burst),
            for_people: Limiter::new(bounds.steady, config.request_burst),
            under_way: Mutex::new(()),
            requests: AtomicI64::new(0),
            is_person_waiting: AtomicBool::new(false),
            person_came: Notify::new(),
            mind: StdMutex::new(Mind {
                learned: Learned::nothing(&bounds),
                page_size: PageSize::new(config.page_size),
                fuse: Fuse::default(),
                quiet_until: None,
                host: None,
                is_restored: false,
            }),
            bounds,
        }))
    }

    /// Settles on the store's host, and goes on with what was known before a restart.
    pub(crate) fn restore(&self, host: &str, known: Option<&Budget>, now: Timestamp) {
        let mut mind = self.mind();
        if mind.host.as_ref().is_none_or(|known| known.name != host) {
            mind.host = Some(self.0.crowd.host(host));
        }
        if std::mem::replace(&mut mind.is_restored, true) {
            return;
        }
        let Some(known) = known else { return };
        let later = |at: Option<Timestamp>| Some(Instant::now() + from_now(at?, now)?);
        let reason = Reason::read(&known.reason);
        let penalty_until = later(known.slower_until);
        mind.learned = Learned::again(&self.0.bounds, known.request_interval, known.latency, reason, penalty_until);
        mind.page_size = mind.page_size.again(known.page_size);
        mind.fuse.failures = known.failures;
        match known.breaker {
            Breaker::Closed => mind.quiet_until = later(known.rests_until),
            Breaker::Open | Breaker::HalfOpen => {
                mind.fuse.blown = Some(later(known.rests_until).unwrap_or_else(Instant::now));
            }
        }
        self.0.limiter.set_interval(mind.learned.interval);
        self.0.requests.store(known.requests, Ordering::Relaxed);
    }

    /// Records to ask for per page.
    pub(crate) fn page_size(&self) -> u32 {
        self.mind().page_size.get()
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
        let mind = self.mind();
        mind.quiet_until.max(mind.fuse.blown).filter(|until| *until > Instant::now())
    }

    /// A person asks: a probe need not wait, and what is under way shall not dawdle.
    pub(crate) fn hurry(&self) {
        self.mind().fuse.hurry(Instant::now());
        self.0.is_person_waiting.store(true, Ordering::Release);
        self.0.person_came.notify_waiters();
    }

    /// What the person waited for begins.
    pub(crate) fn no_hurry(&self) {
        self.0.is_person_waiting.store(false, Ordering::Release);
    }

    /// Waits until one more request may be sent.
    ///
    /// # Errors
    /// `RESTING` or `HOST_RESTING` if none may be for a while.
    pub(crate) async fn turn(&self, urgency: Urgency) -> Result<Turn<'_>, WooError> {
        self.admit()?;
        match urgency {
            Urgency::Person => wait_for(&self.0.for_people).await,
            Urgency::Background => self.wait_in_line().await,
        }
        let seat = match urgency {
            Urgency::Person => None,
            Urgency::Background => {
                let host = self.mind().host.clone();
                match host {
                    Some(host) => Some(host.seat().await),
                    None => None,
                }
            }
        };
        let under_way = self.0.under_way.lock().await;
        // While it waited, an answer may have changed everything.
        let is_probe = self.admit()? == Admission::Probe;
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        Ok(Turn { _under_way: under_way, seat, is_probe })
    }

    async fn wait_in_line(&self) {
        let steady = self.0.bounds.steady;
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
        let (admission, quiet, host) = {
            let mind = self.mind();
            (mind.fuse.admit(now), mind.quiet_until, mind.host.clone())
        };
        if let Some(until) = quiet.filter(|until| *until > now) {
            return Err(WooError::resting(Failure::Throttled, RESTING, until - now));
        }
        if let Admission::Rest(wait) = admission {
            return Err(WooError::resting(Failure::Overloaded, RESTING, wait));
        }
        if let Some(host) = host
            && let Err(wait) = host.health().admit(self.0.store, rule(config), now)
        {
            return Err(WooError::resting(Failure::Overloaded, HOST_RESTING, wait));
        }
        Ok(admission)
    }

    /// Learns from how long a request took and how it ended.
    pub(crate) fn learn(&self, took: Duration, error: Option<&WooError>) {
        let (config, now) = (&self.0.config, Instant::now());
        let kind = kind(error);
        let mut mind = self.mind();
        if let Some(seen) = kind.seen(took) {
            mind.learned = mind.learned.after(seen, &self.0.bounds, now);
            self.0.limiter.set_interval(mind.learned.interval);
        }
        // 429 without a word of how long is taken by the backoff.
        let asked = error
            .filter(|error| matches!(error.class, Failure::Throttled | Failure::Overloaded | Failure::Maintenance));
        if let Some(quiet) = asked.and_then(|error| error.retry_after()) {
            mind.quiet_until = mind.quiet_until.max(Some(now + quiet.min(LONGEST_QUIET)));
        }
        if kind.is_answer() {
            mind.fuse.answered();
        } else {
            let wait = match kind {
                Kind::Blocked => config.attention_interval,
                _ => config.retry.delay(mind.fuse.failures.saturating_add(1), rand::random()),
            };
            let was_whole = mind.fuse.blown.is_none();
            mind.fuse.failed(config.breaker_failures, kind.blows_at_once(), now + wait);
            if was_whole && mind.fuse.blown.is_some() {
                let failures = mind.fuse.failures;
                tracing::warn!(store.id = %self.0.store, failures, wait_ms = wait.as_millis(), "store is left alone");
            }
        }
        let host = mind.host.clone();
        drop(mind);
        if let Some(host) = host {
            self.tell_host(&host, kind, now);
        }
    }

    fn tell_host(&self, host: &Host, kind: Kind, now: Instant) {
        let config = &self.0.config;
        if kind.is_answer() {
            if host.health().answered() {
                tracing::info!(host = host.name, "host answers again");
            }
        } else if kind == Kind::HostTrouble {
            let wait = |probes| config.retry.delay(probes, rand::random());
            if host.health().failed(self.0.store, rule(config), now, wait) {
                tracing::warn!(host = host.name, "several stores of a host do not answer; it is left alone");
            }
        }
    }

    /// Learns from how a listing ended.
    pub(crate) fn learn_page(&self, error: Option<&WooError>) {
        let mut mind = self.mind();
        mind.page_size = match error.map(|error| error.class) {
            None => mind.page_size.came(),
            // Held back by ourselves: it says nothing.
            Some(_) if error.is_some_and(is_resting) => return,
            Some(Failure::Timeout | Failure::Overloaded | Failure::TooLarge | Failure::Interrupted) => {
                mind.page_size.broke()
            }
            Some(_) => return,
        };
    }

    /// What people are to be told at once when it changes.
    pub(crate) fn mood(&self) -> Mood {
        let (mind, now) = (self.mind(), Instant::now());
        Mood {
            reason: mind.learned.reason,
            breaker: breaker(&mind.fuse, now),
            is_quiet: mind.quiet_until.is_some_and(|until| until > now),
            page_size: mind.page_size.get(),
        }
    }

    /// How the store is treated now, to be written down.
    pub(crate) fn budget(&self, at: Timestamp) -> Budget {
        let (mind, now) = (self.mind(), Instant::now());
        let when = |until: Instant| at.saturating_add(SignedDuration::try_from(until - now).ok()?).ok();
        let still = |until: Option<Instant>| until.filter(|until| *until > now).and_then(when);
        Budget {
            request_interval: mind.learned.interval,
            reason: mind.learned.reason.as_str().to_owned(),
            page_size: mind.page_size.get(),
            latency: mind.learned.latency,
            breaker: breaker(&mind.fuse, now),
            rests_until: still(mind.quiet_until.max(mind.fuse.blown)),
            slower_until: still(mind.learned.penalty.map(|penalty| penalty.until)),
            failures: mind.fuse.failures,
            requests: self.0.requests.load(Ordering::Relaxed),
            updated_at: at,
        }
    }

    fn mind(&self) -> StdMutexGuard<'_, Mind> {
        self.0.mind.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nothing was sent, because the store or its host is left alone.
pub(crate) fn is_resting(error: &WooError) -> bool {
    matches!(error.code.as_deref(), Some(RESTING | HOST_RESTING))
}

/// What the end of a request says of those who answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It was answered, if only with a refusal.
    Answered,
    Throttled,
    /// Nothing, or a crash: it may be the store's or the whole host's.
    HostTrouble,
    /// Its name or certificate, or a page of maintenance: the store's own.
    StoreTrouble,
    Maintenance,
    Blocked,
}

fn kind(error: Option<&WooError>) -> Kind {
    match error.map(|error| error.class) {
        Some(Failure::Throttled) => Kind::Throttled,
        Some(Failure::Timeout | Failure::Connect | Failure::Interrupted | Failure::Overloaded) => Kind::HostTrouble,
        Some(Failure::Dns | Failure::Tls | Failure::Refused) => Kind::StoreTrouble,
        Some(Failure::Maintenance) => Kind::Maintenance,
        Some(Failure::Blocked) => Kind::Blocked,
        _ => Kind::Answered,
    }
}

impl Kind {
    fn seen(self, took: Duration) -> Option<Seen> {
        match self {
            Self::Answered => Some(Seen::Answer(took)),
            Self::Throttled => Some(Seen::Throttled),
            Self::HostTrouble => Some(Seen::Strained),
            Self::StoreTrouble | Self::Maintenance | Self::Blocked => None,
        }
    }

    fn is_answer(self) -> bool {
        self == Self::Answered
    }

    /// What hides behind such a page is told by a look at the REST root, not by asking for the same again.
    fn blows_at_once(self) -> bool {
        matches!(self, Self::Maintenance | Self::Blocked)
    }
}

fn breaker(fuse: &Fuse, now: Instant) -> Breaker {
    match fuse.admit(now) {
        Admission::Open => Breaker::Closed,
        Admission::Probe => Breaker::HalfOpen,
        Admission::Rest(_) => Breaker::Open,
    }
}

fn rule(config: &EngineConfig) -> Rule {
    let RetryPolicy { cap, .. } = config.retry;
    Rule { failures: config.breaker_failures, window: cap, probe: config.slow_answer.saturating_mul(10) }
}

fn from_now(at: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(at.duration_since(now)).ok()
}

async fn wait_for(limiter: &Limiter) {
    while let Err(wait) = limiter.take() {
        tokio::time::sleep(wait).await;
    }
}
