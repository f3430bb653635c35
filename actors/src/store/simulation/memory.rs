//! What a store's actor has in memory and loses when it dies: the real agenda, standing, pace, round and storms.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::super::{agenda::Agenda, duty::Duty, pace::mind::Mind, pull::Round, standing::Standing, storm::Storms};
use super::time::Tick;
use crate::EngineConfig;

/// See the module.
pub(super) struct Memory {
    pub(super) agenda: Agenda,
    pub(super) standing: Standing,
    pub(super) mind: Mind,
    pub(super) round: Round,
    pub(super) storms: Mutex<Storms>,
    pub(super) woken: Vec<Duty>,
    pub(super) is_imported: bool,
    /// All mail that an earlier actor left behind was applied: attempts need not be counted beforehand.
    pub(super) trusts_mail: bool,
    pub(super) is_pull_wanted: bool,
    /// Seconds by which the store's clock is ahead of ours, once an answer has told.
    pub(super) clock_ahead: Option<i64>,
    /// Answers so far, and those that were counted.
    pub(super) answers: u64,
    /// Since when every request was answered, at a pace that leaves nothing waiting for long.
    pub(super) well_since: Option<Tick>,
    pub(super) counted: u64,
    /// When the background may send its next request.
    pub(super) ready_at: Instant,
}

impl Memory {
    pub(super) fn new(config: &EngineConfig, now: Instant, first_pull: Duration) -> Self {
        let first_sweep = first_pull + config.pull_interval / 2;
        Self {
            agenda: Agenda::new(now, first_pull, first_sweep),
            standing: Standing::default(),
            mind: Mind::new(config),
            round: Round::default(),
            storms: Mutex::default(),
            woken: Vec::new(),
            is_imported: false,
            trusts_mail: false,
            is_pull_wanted: false,
            clock_ahead: None,
            answers: 0,
            well_since: None,
            counted: 0,
            ready_at: now,
        }
    }

    /// The store's own time, if any answer has told it yet.
    pub(super) fn store_now(&self, now: Timestamp) -> Option<Timestamp> {
        self.clock_ahead.map(|ahead| now + jiff::SignedDuration::from_secs(ahead))
    }

    pub(super) fn learn_clock(&mut self, store_now: Timestamp, now: Timestamp) {
        self.clock_ahead = Some(store_now.as_second() - now.as_second());
    }
}
