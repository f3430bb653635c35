//! One running shop: its records behind a lock, its queue of deliveries, its faults and its journal.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::model::profile::Profile;
use crate::model::seed::{self, Amounts};
use crate::model::{Change, Records, webhook};
use crate::rest::oauth::Nonces;
use crate::storm::Storms;
use crate::view::View;
use crate::webhook::memory::Memory;
use crate::webhook::queue::{Pending, Queue};
use crate::webhook::sender::Sender;
use crate::writes::Writes;

/// When a shop's deliveries go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryMode {
    /// 50 to 300 ms after the change, like a shop with a busy site.
    #[default]
    Fast,
    /// At each tick of the host's cron.
    Cron(Duration),
}

/// What all shops of a fleet share.
#[derive(Debug)]
pub struct Common {
    pub seed: u64,
    pub amounts: Amounts,
    /// When the fleet began, by the machine's clock.
    pub started_ms: i64,
    pub clock: Clock,
    pub delivery: DeliveryMode,
    pub sender: Sender,
    /// Deliveries waiting or under way, over all shops.
    pub outstanding: AtomicUsize,
    /// Turns true when the fleet stops.
    pub stopping: watch::Receiver<bool>,
}

/// A running shop.
#[derive(Debug)]
pub struct Store {
    profile: Mutex<Arc<Profile>>,
    pub common: Arc<Common>,
    /// Made when somebody first looks, so that a fleet of thousands starts at once.
    records: Mutex<Option<Box<Records>>>,
    pub(crate) queue: Mutex<Queue>,
    faults: Mutex<Arc<Faults>>,
    journal: Mutex<Journal>,
    pub(crate) writes: Mutex<Writes>,
    pub(crate) nonces: Mutex<Nonces>,
    /// What was sent lately, while a fault needs it.
    pub(crate) sent: Mutex<Memory>,
    pub(crate) storms: Mutex<Storms>,
}

impl Store {
    #[must_use]
    pub fn new(profile: Profile, common: Arc<Common>) -> Self {
        Self::holding(profile, common, None)
    }

    fn holding(profile: Profile, common: Arc<Common>, records: Option<Box<Records>>) -> Self {
        Self {
            profile: Mutex::new(Arc::new(profile)),
            common,
            records: Mutex::new(records),
            queue: Mutex::default(),
            faults: Mutex::default(),
            journal: Mutex::default(),
            writes: Mutex::default(),
            nonces: Mutex::default(),
            sent: Mutex::default(),
            storms: Mutex::default(),
        }
    }

    /// A copy of the shop as number `index`: the same records, webhooks and secrets at another address.
    #[must_use]
    pub fn copied_to(&self, index: usize) -> Self {
        let records = self.with_records(|records| records.clone());
        Self::holding(self.profile().copied_to(index), Arc::clone(&self.common), Some(Box::new(records)))
    }

    /// Its settings as they are now.
    #[must_use]
    pub fn profile(&self) -> Arc<Profile> {
        Arc::clone(&lock(&self.profile))
    }

    pub fn set_profile(&self, profile: Profile) {
        *lock(&self.profile) = Arc::new(profile);
    }

    /// Now, by the shop's clock, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.common.clock.now().saturating_add(self.faults().clock_skew_seconds)
    }

    fn with_records<T>(&self, look: impl FnOnce(&mut Records) -> T) -> T {
        let mut guard = lock(&self.records);
        let records = guard.get_or_insert_with(|| {
            let common = &self.common;
            let profile = self.profile();
            let amounts = Amounts {
                orders: profile.orders.unwrap_or(common.amounts.orders),
                products: profile.products.unwrap_or(common.amounts.products),
            };
            Box::new(seed::fill(&profile, common.seed, amounts, self.now()))
        });
        look(records)
    }

    /// Looks at the records.
    pub fn read<T>(&self, look: impl FnOnce(View<'_>) -> T) -> T {
        let profile = self.profile();
        self.with_records(|records| look(View { profile: &profile, records }))
    }

    /// Whether anybody has looked yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        lock(&self.records).is_some()
    }

    /// Changes the records; what that gives rise to is queued in the same breath, so deliveries keep the order of the changes.
    pub fn change<T>(self: &Arc<Self>, act: impl FnOnce(&mut Change<'_>) -> T) -> T {
        let (profile, now) = (self.profile(), self.now());
        self.with_records(|records| {
            let mut change = Change::new(records, &profile, now);
            let outcome = act(&mut change);
            let events = change.events;
            for (topic, resource_id) in events.iter() {
                for hook in records.webhooks.values() {
                    if hook.topic == topic && hook.status == webhook::Status::Active {
                        self.enqueue(Pending { webhook_id: hook.id, resource_id });
                    }
                }
            }
            outcome
        })
    }

    /// Counts the end of a delivery for or against its webhook. Not a change: nobody is told.
    pub(crate) fn count_delivery(&self, webhook_id: u64, succeeded: bool) {
        let now = self.now();
        self.with_records(|records| {
            if let Some(hook) = records.webhooks.get_mut(&webhook_id) {
                hook.delivered(succeeded, now);
            }
        });
    }

    fn enqueue(self: &Arc<Self>, pending: Pending) {
        let delay = self.faults().delivery_delay();
        let mut queue = lock(&self.queue);
        if !queue.push(pending, self.common.delivery, self.common.started_ms, delay) {
            return;
        }
        self.common.outstanding.fetch_add(1, Ordering::AcqRel);
        if queue.needs_worker() {
            tokio::spawn(crate::webhook::worker::run(Arc::clone(self)));
        }
    }

    #[must_use]
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&lock(&self.faults))
    }

    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.faults) = Arc::new(faults);
    }

    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }
}

/// A panic of one request must not close the shop: what a lock guards is plain data and stays usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
