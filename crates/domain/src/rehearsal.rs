//! Rehearsals: what staff may wish for, how one went, and where it bent.

mod bend;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bend::{Bend, Saturated};

use crate::remote::text_enum;

/// Twins of one rehearsal at most: they live in the node's own process.
pub const MAX_TWINS: usize = 200;

/// Where a rehearsal's measurements are cut, seconds.
pub const SLICE_SECONDS: u32 = 10;

text_enum! {
    /// Where a rehearsal stands.
    pub enum Phase {
        /// The twins are opened, connected and read for the first time.
        Opening = "opening",
        /// The shops live.
        Running = "running",
        /// Traffic and trouble are over; the copies catch up and are compared.
        Settling = "settling",
        /// There is a report.
        Done = "done",
        /// It could not be carried out.
        Failed = "failed",
        /// Its node ended meanwhile.
        Interrupted = "interrupted",
    }
}

impl Phase {
    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Interrupted)
    }
}

text_enum! {
    /// What is made to go wrong with some of the twins at a time.
    pub enum Trouble {
        /// Every answer takes most of a second.
        Slow = "slow",
        /// 429 with `Retry-After`.
        Throttled = "throttled",
        /// 503 and a maintenance page.
        Unavailable = "unavailable",
        /// A third of the requests end in WordPress' page for crashes.
        Crashing = "crashing",
        /// Half of the deliveries are never sent.
        WebhooksLost = "webhooks_lost",
        /// Half of the deliveries come twice.
        WebhooksDoubled = "webhooks_doubled",
        /// Older deliveries come again after newer ones.
        WebhooksStale = "webhooks_stale",
        /// Deliveries wait before they are sent.
        WebhooksLate = "webhooks_late",
    }
}

/// What is to be rehearsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Stores that are twinned.
    pub stores: u32,
    /// Twins of each.
    pub factor: u32,
    /// Changes a second over all twins.
    pub rate: u32,
    /// How long the shops live.
    pub seconds: u32,
    /// The lag beyond which the rehearsal counts as bent.
    pub goal_seconds: u32,
    /// What goes wrong meanwhile.
    pub troubles: Vec<Trouble>,
}

text_enum! {
    /// Why a wish is refused.
    pub enum WishFault {
        NoStores = "no_stores",
        Factor = "factor",
        TooManyTwins = "too_many_twins",
        Rate = "rate",
        Seconds = "seconds",
        Goal = "goal",
    }
}

impl Wish {
    /// Whether it is within what one node can carry beside its work.
    ///
    /// # Errors
    /// The first bound that it passes.
    pub fn check(&self) -> Result<(), WishFault> {
        if self.stores == 0 {
            return Err(WishFault::NoStores);
        }
        if !(1..=20).contains(&self.factor) {
            return Err(WishFault::Factor);
        }
        if self.twins() > MAX_TWINS {
            return Err(WishFault::TooManyTwins);
        }
        if !(1..=100).contains(&self.rate) {
            return Err(WishFault::Rate);
        }
        if !(5..=1_800).contains(&self.seconds) {
            return Err(WishFault::Seconds);
        }
        if !(1..=3_600).contains(&self.goal_seconds) {
            return Err(WishFault::Goal);
        }
        Ok(())
    }

    #[must_use]
    pub const fn twins(&self) -> usize {
        (self.stores as usize).saturating_mul(self.factor as usize)
    }

    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }
}

/// How it stands, measured every few seconds and kept with the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// When the shops began to live.
    pub began_at: Option<Timestamp>,
    /// Twins whose first import has ended.
    pub ready: u32,
    /// Every cut so far, oldest first; the last may still grow.
    pub slices: Vec<Slice>,
    /// How often each trouble was made for one twin.
    pub struck: BTreeMap<Trouble, u32>,
}

/// How it stands at one moment, as its page is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub phase: Phase,
    /// Twins whose first import has ended, of how many.
    pub ready: u32,
    pub twins: u32,
    /// Seconds that the shops have lived, of how many.
    pub spent: u32,
    pub seconds: u32,
    /// The latest slice.
    pub slice: Option<Slice>,
    /// Whether its report holds; `None` before there is one.
    pub holds: Option<bool>,
}

impl Moment {
    #[must_use]
    pub fn of(wish: &Wish, phase: Phase, progress: &Progress, report: Option<&Report>, now: Timestamp) -> Self {
        let spent = progress.began_at.map_or(0, |began_at| now.duration_since(began_at).as_secs().max(0));
        Self {
            phase,
            ready: progress.ready,
            twins: u32::try_from(wish.twins()).unwrap_or(u32::MAX),
            spent: u32::try_from(spent).unwrap_or(u32::MAX).min(wish.seconds),
            seconds: wish.seconds,
            slice: progress.slices.last().cloned(),
            holds: report.map(Report::holds),
        }
    }
}

/// Some seconds of a rehearsal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Its beginning, seconds after the shops began to live.
    pub at: u32,
    /// Entries of the change log that webhooks caused.
    pub changes: u32,
    /// From the receipt of a webhook to its change in our copy, milliseconds; `None` without any.
    pub lag_p50: Option<u32>,
    pub lag_p99: Option<u32>,
    /// Deliveries that waited, at most.
    pub waiting: u32,
    /// How long the oldest of them had waited, milliseconds, at most.
    pub oldest: u32,
    /// Twins that were treated more gently than a healthy store, at most.
    pub spared: u32,
    /// Of the database's connections in use, percent, at most.
    pub pool: u32,
    /// Of the whole machine's processors, percent, on average; the twins' own work is part of it. `None` where too little was seen.
    pub cpu: Option<u32>,
}

/// What a rehearsal found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub twins: u32,
    /// Whether a person ended it early.
    pub is_cut_short: bool,
    /// Orders and products in the twins at the end.
    pub orders: u64,
    pub products: u64,
    pub deliveries: Deliveries,
    /// Over the whole run; `None` where no webhook caused a change.
    pub lag: Option<Lag>,
    /// Entries of the change log.
    pub changes: u64,
    /// Records in which a twin and its copy differ, or which are on one side only; at most ten of a kind and twin are counted.
    pub lost: u32,
    /// Deliveries that we acknowledged and do not hold.
    pub deliveries_lost: u32,
    /// Records that are there twice, or whose beginning was told twice.
    pub doubled: u32,
    pub gone_back: u32,
    pub dead_letters: u32,
    /// From the end of traffic and trouble until both sides were equal, milliseconds; `None` if they were not in time.
    pub settled_ms: Option<u32>,
    pub bend: Option<Bend>,
    /// What differs, a line each; some of it.
    pub differences: Vec<String>,
}

impl Report {
    /// Whether nothing was lost, doubled or turned back.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.lost == 0 && self.deliveries_lost == 0 && self.doubled == 0 && self.gone_back == 0
    }
}

/// What became of webhooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    /// Tried by the twins.
    pub sent: u64,
    /// Answered by us with success.
    pub acknowledged: u64,
    /// Not taken.
    pub failed: u64,
    /// Never sent, by a trouble that was wished for.
    pub dropped: u64,
    /// Brought to an end in our inbox.
    pub applied: u64,
}

/// From the receipt of a webhook to its change in our copy, milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lag {
    pub count: u64,
    pub p50: u32,
    pub p95: u32,
    pub p99: u32,
    pub max: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish { stores: 12, factor: 5, rate: 20, seconds: 60, goal_seconds: 5, troubles: Vec::new() }
    }

    #[test]
    fn a_wish_is_bounded_in_every_direction() {
        assert_eq!(wish().check(), Ok(()));
        assert_eq!(wish().twins(), 60);
        let refused = |change: fn(&mut Wish)| {
            let mut wish = wish();
            change(&mut wish);
            wish.check().unwrap_err()
        };
        assert_eq!(refused(|wish| wish.stores = 0), WishFault::NoStores);
        assert_eq!(refused(|wish| wish.factor = 0), WishFault::Factor);
        assert_eq!(refused(|wish| wish.factor = 21), WishFault::Factor);
        assert_eq!(refused(|wish| wish.stores = 41), WishFault::TooManyTwins);
        assert_eq!(refused(|wish| wish.stores = u32::MAX), WishFault::TooManyTwins);
        assert_eq!(refused(|wish| wish.rate = 0), WishFault::Rate);
        assert_eq!(refused(|wish| wish.rate = 101), WishFault::Rate);
        assert_eq!(refused(|wish| wish.seconds = 4), WishFault::Seconds);
        assert_eq!(refused(|wish| wish.seconds = 1_801), WishFault::Seconds);
        assert_eq!(refused(|wish| wish.goal_seconds = 0), WishFault::Goal);
    }

    #[test]
    fn only_a_report_without_a_loss_holds() {
        assert!(Report::default().holds());
        assert!(!Report { lost: 1, ..Report::default() }.holds());
        assert!(!Report { deliveries_lost: 1, ..Report::default() }.holds());
        assert!(!Report { doubled: 1, ..Report::default() }.holds());
        assert!(!Report { gone_back: 1, ..Report::default() }.holds());
    }
}
