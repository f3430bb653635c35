//! The control room: tiles, totals, and which of them are shown.

use askama::Template;
use jiff::Timestamp;
use storewire_db::{StoreRow, budgets::Budget};
use storewire_domain::StoreState;

use super::{BudgetView, StoreView, Tab, money::count};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// Which tiles are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    All,
    /// Older than their goal.
    Late,
    /// Not answering as hoped; they are tried again by themselves.
    Struggling,
    /// A person must act: keys, permissions, address, or an actor that gave up.
    Attention,
    Paused,
}

impl Show {
    const EVERY: [Self; 5] = [Self::All, Self::Late, Self::Struggling, Self::Attention, Self::Paused];

    /// By its word in the address.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|show| show.word() == word)
    }

    /// Whether a store is shown.
    #[must_use]
    pub fn takes(self, store: &StoreRow, now: Timestamp) -> bool {
        match self {
            Self::All => true,
            Self::Late => store.is_stale(now),
            Self::Struggling => store.state == StoreState::Degraded,
            Self::Attention => matches!(store.state, StoreState::NeedsAttention | StoreState::Parked),
            Self::Paused => store.state == StoreState::Paused,
        }
    }

    /// The page that shows these.
    #[must_use]
    pub fn href(self) -> String {
        url::with(url::CONTROL, &[("show", self.word())])
    }

    /// One chip per choice, with how many stores it shows.
    #[must_use]
    pub fn chips(chosen: Self, stores: &[StoreRow], now: Timestamp, t: &Words) -> Vec<Tab> {
        let chip = |show: Self| {
            let found = stores.iter().filter(|store| show.takes(store, now)).count();
            let n = count(i64::try_from(found).unwrap_or(i64::MAX));
            let word = match show {
                Self::All => t.get("control-all"),
                Self::Late => t.get("control-late"),
                Self::Struggling => t.get("control-struggling"),
                Self::Attention => t.get("control-attention"),
                Self::Paused => t.get("control-paused"),
            };
            Tab { href: show.href(), label: format!("{word} {n}"), is_current: show == chosen }
        };
        Self::EVERY.into_iter().map(chip).collect()
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Late => "late",
            Self::Struggling => "struggling",
            Self::Attention => "attention",
            Self::Paused => "paused",
        }
    }
}

/// What waits in all stores together.
#[derive(Clone, Debug)]
pub struct Totals {
    pub stores: String,
    pub late: String,
    pub has_late: bool,
    pub inbox: String,
    pub rechecks: String,
    pub intents: String,
    pub dead_letters: String,
    pub has_dead_letters: bool,
}

impl Totals {
    #[must_use]
    pub fn of(stores: &[StoreRow], now: Timestamp) -> Self {
        let sum = |of: fn(&StoreRow) -> i64| count(stores.iter().map(of).sum());
        let late = stores.iter().filter(|store| store.is_stale(now)).count();
        Self {
            stores: count(i64::try_from(stores.len()).unwrap_or(i64::MAX)),
            late: count(i64::try_from(late).unwrap_or(i64::MAX)),
            has_late: late > 0,
            inbox: sum(|store| store.inbox_pending),
            rechecks: sum(|store| store.rechecks),
            intents: sum(|store| store.intents),
            dead_letters: sum(|store| store.dead_letters),
            has_dead_letters: stores.iter().any(|store| store.dead_letters > 0),
        }
    }
}

/// One store's actor.
#[derive(Clone, Debug)]
pub struct Tile {
    pub row: StoreView,
    /// `None` before its actor first ran.
    pub budget: Option<BudgetView>,
}

impl Tile {
    #[must_use]
    pub fn new(store: &StoreRow, budget: Option<&Budget>, now: Timestamp, t: &Words) -> Self {
        Self { row: StoreView::new(store, now, t), budget: budget.map(|budget| BudgetView::new(budget, now, t)) }
    }
}

/// `GET /control`.
#[derive(Template)]
#[template(path = "control/show.html")]
pub struct ControlPage {
    pub t: Words,
    pub frame: Frame,
    /// This page without what was just said.
    pub home: String,
    pub chips: Vec<Tab>,
    pub totals: Totals,
    pub tiles: Vec<Tile>,
    pub is_narrowed: bool,
    pub can_connect: bool,
}
