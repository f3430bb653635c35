//! Keeps the beat of an open loop: events fall due whether or not earlier ones were answered.

use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, channel};

/// A stretch of events at one rate.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The first event's number.
    pub first: u64,
    pub count: u64,
    /// Per second.
    pub rate: u64,
    pub started: Instant,
}

impl Step {
    /// When the event is to be sent; every delay counts from here. None for an event of another step.
    #[must_use]
    pub fn due(&self, event: u64) -> Option<Instant> {
        let nth = event.checked_sub(self.first).filter(|nth| *nth < self.count)?;
        Some(self.started + Duration::from_nanos(nth * 1_000_000_000 / self.rate.max(1)))
    }
}

/// Hands out each event of the step when it is due.
///
/// On a thread of its own: the runtime's timers tick in milliseconds, which is longer than what is measured.
#[must_use]
pub fn start(step: Step) -> Receiver<u64> {
    // Holds the whole step, so that slow answers never hold up the beat.
    let (due, events) = channel(usize::try_from(step.count).unwrap_or(usize::MAX).max(1));
    thread::spawn(move || {
        for event in step.first..step.first + step.count {
            let Some(at) = step.due(event) else { return };
            let wait = at.saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                thread::sleep(wait);
            }
            if due.try_send(event).is_err() {
                return;
            }
        }
    });
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_due_evenly_from_the_start_and_only_within_the_step() {
        let started = Instant::now();
        let step = Step { first: 100, count: 50, rate: 200, started };
        assert_eq!(step.due(100), Some(started));
        assert_eq!(step.due(149), Some(started + Duration::from_millis(245)));
        assert_eq!((step.due(99), step.due(150)), (None, None));
    }
}
