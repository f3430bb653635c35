//! What a shop remembers of its traffic: calls received and deliveries sent, the last few thousand of each and counts of all.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// Calls kept.
const NUM_CALLS: usize = 10_000;
/// Deliveries kept.
const NUM_DELIVERIES: usize = 50_000;

/// A call received.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Its number among the shop's calls, from 1, in the order in which they came.
    pub number: u64,
    /// When it came, by the machine's clock.
    pub at_ms: i64,
    pub method: String,
    /// With its query, but without keys.
    pub path: String,
    /// What was answered; 0 when the connection was cut or is kept waiting.
    pub status: u16,
    /// From its coming to its answer.
    pub took_ms: u64,
    /// The fault that struck it.
    pub fault: Option<&'static str>,
}

/// A delivery sent.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// By the machine's clock.
    pub at_ms: i64,
    pub webhook_id: u64,
    pub topic: &'static str,
    pub resource_id: u64,
    pub body_sha256: String,
    /// What the receiver answered.
    pub status: Option<u16>,
    /// Or why there was no answer.
    pub error: Option<String>,
    pub latency_ms: u64,
}

impl Delivery {
    /// 200 to 302, as WooCommerce counts.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..=302).contains(&status))
    }
}

/// The memory of one shop.
#[derive(Debug, Default)]
pub struct Journal {
    calls: VecDeque<Call>,
    deliveries: VecDeque<Delivery>,
    arrived: u64,
    pub counts: Counts,
}

/// How much there was of everything since the start.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    pub calls: u64,
    pub calls_by_status: BTreeMap<u16, u64>,
    pub deliveries: u64,
    pub delivered: u64,
    pub failed: u64,
    pub dropped: u64,
    pub pings: u64,
}

impl Journal {
    /// The number of a call that has just come.
    pub fn arrives(&mut self) -> u64 {
        self.arrived += 1;
        self.arrived
    }

    /// Remembers a call that is over.
    pub fn called(&mut self, call: Call) {
        self.counts.calls += 1;
        if call.status != 0 {
            *self.counts.calls_by_status.entry(call.status).or_default() += 1;
        }
        push(&mut self.calls, call, NUM_CALLS);
    }

    /// Remembers a delivery.
    pub fn delivered(&mut self, delivery: Delivery) {
        self.counts.deliveries += 1;
        if delivery.error.as_deref() == Some(DROPPED) {
            self.counts.dropped += 1;
        } else if delivery.succeeded() {
            self.counts.delivered += 1;
        } else {
            self.counts.failed += 1;
        }
        push(&mut self.deliveries, delivery, NUM_DELIVERIES);
    }

    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }

    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.iter().cloned().collect()
    }
}

/// The error of a delivery that a fault swallowed.
pub const DROPPED: &str = "dropped by a fault";

fn push<T>(kept: &mut VecDeque<T>, item: T, limit: usize) {
    if kept.len() == limit {
        kept.pop_front();
    }
    kept.push_back(item);
}
