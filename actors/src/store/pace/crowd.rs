//! Keeps a node's stores from asking all at once: so many requests under way in all, so many to one host, one store's first after another's.
//!
//! A host is what the address of a store's REST root names, with its port. A request holds its seat until it is answered, but a slow one
//! gives it back after a while: a store that hangs must not hold up others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{entrance::Entrance, host::Health};
use crate::EngineConfig;

/// All hosts that stores of this node live on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Crowd(Arc<Inner>);

struct Inner {
    seats: Arc<Semaphore>,
    seats_per_host: usize,
    hosts: Mutex<HashMap<String, Weak<Host>>>,
    entrance: Entrance,
    pull_interval: Duration,
    /// Held by every store, and by this.
    membership: Arc<()>,
}

/// Counts as a store of the crowd for as long as it is held.
pub(crate) struct Membership(#[expect(dead_code, reason = "held, not read")] Arc<()>);

/// One host, shared by the stores on it.
pub(crate) struct Host {
    pub(crate) name: String,
    health: Mutex<Health>,
    seats: Arc<Semaphore>,
    of_node: Arc<Semaphore>,
}

/// The right to have a request under way.
pub(crate) struct Seat(#[expect(dead_code, reason = "held, not read")] [Option<OwnedSemaphorePermit>; 2]);

impl Crowd {
    pub(crate) fn new(config: &EngineConfig) -> Self {
        Self(Arc::new(Inner {
            seats: Arc::new(Semaphore::new(config.requests_at_once.max(1))),
            seats_per_host: config.requests_per_host.max(1),
            hosts: Mutex::default(),
            entrance: Entrance::default(),
            pull_interval: config.pull_interval,
            membership: Arc::default(),
        }))
    }

    /// One store more.
    pub(crate) fn join(&self) -> Membership {
        Membership(Arc::clone(&self.0.membership))
    }

    /// When a store may begin whose place in the interval has come.
    pub(crate) fn turn(&self, now: Instant) -> Instant {
        let stores = Arc::strong_count(&self.0.membership).saturating_sub(1);
        self.0.entrance.turn(now, stores, self.0.pull_interval)
    }

    /// The host of this name. It is forgotten with the last store on it.
    pub(crate) fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = hosts.get(name).and_then(Weak::upgrade) {
            return known;
        }
        hosts.retain(|_, host| host.strong_count() > 0);
        let host = Arc::new(Host {
            name: name.to_owned(),
            health: Mutex::default(),
            seats: Arc::new(Semaphore::new(self.0.seats_per_host)),
            of_node: Arc::clone(&self.0.seats),
        });
        hosts.insert(name.to_owned(), Arc::downgrade(&host));
        host
    }
}

impl Host {
    /// Waits for a seat, of the host first: who waits for it keeps none of the node's from others.
    pub(crate) async fn seat(&self) -> Seat {
        // The semaphores are never closed.
        let of_host = Arc::clone(&self.seats).acquire_owned().await.ok();
        let of_node = Arc::clone(&self.of_node).acquire_owned().await.ok();
        Seat([of_host, of_node])
    }

    pub(crate) fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    fn crowd() -> Crowd {
        let config = EngineConfig::new("https://ops.example.com".parse().unwrap());
        Crowd::new(&EngineConfig { requests_at_once: 3, requests_per_host: 2, ..config })
    }

    #[tokio::test]
    async fn a_host_takes_so_many_and_the_node_so_many_in_all() {
        let crowd = crowd();
        let (one, two) = (crowd.host("one.example:443"), crowd.host("two.example:443"));
        let first = one.seat().await;
        let _second = one.seat().await;
        assert!(one.seat().now_or_never().is_none(), "a third request to one host");
        let _third = two.seat().await;
        assert!(two.seat().now_or_never().is_none(), "a fourth request of the node");
        drop(first);
        assert!(tokio::time::timeout(Duration::from_secs(5), two.seat()).await.is_ok());
    }

    #[test]
    fn a_host_is_the_same_for_all_its_stores_and_forgotten_after_the_last() {
        let crowd = crowd();
        let host = crowd.host("one.example:443");
        assert!(Arc::ptr_eq(&host, &crowd.host("one.example:443")));
        drop(host);
        drop(crowd.host("two.example:443"));
        crowd.host("three.example:443");
        assert_eq!(crowd.0.hosts.lock().unwrap().len(), 1);
    }
}
