//! What the parts of a fleet share: its shops, its rate, and the ways to bring all of them to rest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::info::{StoreInfo, Totals};
use crate::store::{Common, Store, lock};

/// The shared parts.
pub struct Shared {
    /// In the order of their numbers. Copies of shops are added at the end; none ever goes.
    stores: RwLock<Vec<Arc<Store>>>,
    /// Changes per second, as the bits of an `f64`.
    rate: AtomicU64,
    /// Held while traffic changes shops.
    pub traffic: tokio::sync::Mutex<()>,
    pub common: Arc<Common>,
}

impl Shared {
    pub fn new(stores: Vec<Arc<Store>>, rate: f64, common: Arc<Common>) -> Self {
        let rate = AtomicU64::new(rate.max(0.0).to_bits());
        Self { stores: RwLock::new(stores), rate, traffic: tokio::sync::Mutex::default(), common }
    }

    /// The shop of a number from 1.
    pub fn store(&self, index: usize) -> Option<Arc<Store>> {
        let stores = self.stores.read().unwrap_or_else(PoisonError::into_inner);
        stores.get(index.checked_sub(1)?).map(Arc::clone)
    }

    pub fn stores(&self) -> Vec<Arc<Store>> {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn num_stores(&self) -> usize {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Copies a shop to the next free number.
    pub fn copy(&self, original: &Store) -> Arc<Store> {
        let mut stores = self.stores.write().unwrap_or_else(PoisonError::into_inner);
        let copy = Arc::new(original.copied_to(stores.len() + 1));
        stores.push(Arc::clone(&copy));
        copy
    }

    pub fn rate(&self) -> f64 {
        f64::from_bits(self.rate.load(Ordering::Relaxed))
    }

    pub fn set_rate(&self, rate: f64) {
        self.rate.store(rate.max(0.0).to_bits(), Ordering::Relaxed);
    }

    pub fn infos(&self) -> Vec<StoreInfo> {
        self.stores().iter().map(|store| StoreInfo::of(&store.profile())).collect()
    }

    /// Stops the traffic and the storms, and waits until every late write and every delivery has had its turn.
    pub async fn quiesce(&self) -> Totals {
        self.set_rate(0.0);
        for store in self.stores() {
            lock(&store.storms).end_all();
        }
        // Traffic that had already begun ends first.
        drop(self.traffic.lock().await);
        while self.common.outstanding.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.totals()
    }

    /// What there is and was told so far.
    pub fn totals(&self) -> Totals {
        let stores = self.stores();
        let mut totals = Totals {
            stores: stores.len(),
            outstanding: self.common.outstanding.load(Ordering::Acquire),
            ..Totals::default()
        };
        // A shop nobody has opened has neither changed nor told anything.
        for store in stores.iter().filter(|store| store.is_open()) {
            store.read(|view| {
                totals.orders += view.records.orders.len();
                totals.products += view.records.products.len();
                totals.customers += view.records.customers.len();
                totals.refunds += view.records.refunds.len();
            });
            let counts = store.journal().counts.clone();
            totals.deliveries += counts.deliveries;
            totals.delivered += counts.delivered;
            totals.failed += counts.failed;
            totals.dropped += counts.dropped;
        }
        totals
    }
}
