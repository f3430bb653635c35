//! What live sockets were sent, and when it came: the ends of the delays that are measured.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::Deserialize;
use storewire_domain::Clock;
use uuid::Uuid;

/// A change that a delivery brought, as it reached somebody's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub store: Uuid,
    /// When the binary received the delivery.
    pub received_at: Timestamp,
    pub seen_at: Timestamp,
}

/// See the module. Clones share what came.
#[derive(Clone, Default)]
pub struct Arrivals(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    frames: u64,
    arrivals: Vec<Arrival>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    store: Option<Uuid>,
    source: Option<&'a str>,
    received_at: Option<&'a str>,
}

impl Arrivals {
    /// Takes note of a message that has just come.
    pub fn hear(&self, text: &str) {
        let seen_at = Clock::system().now();
        let Ok(frame) = serde_json::from_str::<Frame<'_>>(text) else { return };
        let Some(store) = frame.store else { return };
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.frames += 1;
        let received_at = frame.received_at.filter(|_| frame.source == Some("webhook"));
        if let Some(received_at) = received_at.and_then(|text| text.parse().ok()) {
            heard.arrivals.push(Arrival { store, received_at, seen_at });
        }
    }

    /// Frames so far, over all sockets.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).frames
    }

    /// What came after the first `known`.
    #[must_use]
    pub fn after(&self, known: usize) -> Vec<Arrival> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.arrivals.get(known..).unwrap_or_default().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_and_those_that_deliveries_brought_are_kept_with_their_times() {
        let arrivals = Arrivals::default();
        let store = Uuid::from_u128(7);
        arrivals.hear(&format!(
            r#"{{"kind":"order.updated","store":"{store}","source":"webhook","received_at":"2026-11-21T12:00:00.5Z"}}"#
        ));
        arrivals.hear(&format!(
            r#"{{"kind":"order.updated","store":"{store}","source":"pull","received_at":"2026-11-21T12:00:01Z"}}"#
        ));
        arrivals.hear(r#"{"kind":"beat"}"#);
        let kept = arrivals.after(0);
        assert_eq!((arrivals.frames(), kept.len()), (2, 1));
        assert_eq!((kept[0].store, kept[0].received_at.as_millisecond() % 1_000), (store, 500));
        assert!(arrivals.after(1).is_empty());
    }
}
