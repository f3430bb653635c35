//! A shop's one queue of deliveries: in order, one at a time, each webhook and resource waiting at most once.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;

use crate::clock;
use crate::store::DeliveryMode;

/// A delivery to be made. Its body is not here: it is built when its turn comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    pub webhook_id: u64,
    pub resource_id: u64,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: VecDeque<(Instant, Pending)>,
    known: HashSet<Pending>,
    has_worker: bool,
}

impl Queue {
    /// Adds a delivery that is due `later` than usual; one that already waits is not added again (one under way is).
    pub fn push(&mut self, pending: Pending, mode: DeliveryMode, started_ms: i64, later: Duration) -> bool {
        if !self.known.insert(pending) {
            return false;
        }
        self.waiting.push_back((Instant::now() + delay(mode, started_ms) + later, pending));
        true
    }

    /// Whether a worker must be started; it counts as started then.
    pub fn needs_worker(&mut self) -> bool {
        !std::mem::replace(&mut self.has_worker, true)
    }

    /// When the next delivery is due; without one the worker is over.
    pub fn next_due(&mut self) -> Option<Instant> {
        let due = self.waiting.front().map(|(due, _)| *due);
        self.has_worker = due.is_some();
        due
    }

    /// Takes the next delivery; from now on the same may be queued again.
    pub fn take(&mut self) -> Option<Pending> {
        let (_, pending) = self.waiting.pop_front()?;
        self.known.remove(&pending);
        Some(pending)
    }
}

fn delay(mode: DeliveryMode, started_ms: i64) -> Duration {
    match mode {
        DeliveryMode::Fast => Duration::from_millis(rand::rng().random_range(50..=300)),
        DeliveryMode::Cron(period) => {
            let period_ms = i64::try_from(period.as_millis()).unwrap_or(i64::MAX).max(1);
            let since_tick = (clock::machine_ms() - started_ms).rem_euclid(period_ms);
            Duration::from_millis(u64::try_from(period_ms - since_tick).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_delivery_waits_once_but_may_follow_one_under_way() {
        let mut queue = Queue::default();
        let one = Pending { webhook_id: 1, resource_id: 7 };
        let other = Pending { webhook_id: 2, resource_id: 7 };
        assert!(
            queue.push(one, DeliveryMode::Fast, 0, Duration::ZERO)
                && !queue.push(one, DeliveryMode::Fast, 0, Duration::ZERO)
        );
        assert!(queue.push(other, DeliveryMode::Fast, 0, Duration::ZERO));
        assert_eq!(queue.take(), Some(one));
        assert!(queue.push(one, DeliveryMode::Fast, 0, Duration::ZERO), "the first is under way, so another is queued");
        assert_eq!((queue.take(), queue.take(), queue.take()), (Some(other), Some(one), None));
    }

    #[test]
    fn a_worker_is_started_once_and_again_after_it_ended() {
        let mut queue = Queue::default();
        queue.push(Pending { webhook_id: 1, resource_id: 1 }, DeliveryMode::Fast, 0, Duration::ZERO);
        assert!(queue.needs_worker() && !queue.needs_worker());
        queue.take();
        assert_eq!(queue.next_due(), None);
        assert!(queue.needs_worker());
    }

    #[test]
    fn cron_waits_for_its_next_tick() {
        let wait = delay(DeliveryMode::Cron(Duration::from_secs(60)), clock::machine_ms() - 10_000);
        assert!(wait <= Duration::from_secs(50) && wait > Duration::from_secs(48), "{wait:?}");
    }
}
