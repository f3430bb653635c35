//! Up to when a list is complete: the oldest of its stores, and each on demand.

use jiff::Timestamp;
use storewire_db::stores::StoreGlance;
use storewire_domain::StoreId;

use super::{When, text::plain};
use crate::panel::url;

/// How fresh a list is.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Where to ask again.
    pub href: String,
    pub oldest: Option<When>,
    /// One of them is older than its goal.
    pub is_stale: bool,
    pub stores: Vec<FreshStore>,
}

/// How fresh one store is.
#[derive(Clone, Debug)]
pub struct FreshStore {
    pub name: String,
    pub as_of: Option<When>,
    /// Older than its goal.
    pub is_stale: bool,
}

impl Fresh {
    /// Of the store that the list is narrowed to, or of all the reader sees.
    #[must_use]
    pub fn of(stores: &[StoreGlance], only: Option<StoreId>, now: Timestamp) -> Self {
        let listed: Vec<&StoreGlance> = stores.iter().filter(|store| only.is_none_or(|id| id == store.id)).collect();
        let oldest: Option<Timestamp> = listed.iter().filter_map(|store| store.as_of).min();
        let store = only.map(|id| id.to_string()).unwrap_or_default();
        let href = url::with(url::FRESHNESS, &[("store", &store)]);
        let line = |store: &&StoreGlance| FreshStore {
            name: plain(&store.name),
            as_of: store.as_of.map(When::ago),
            is_stale: store.is_stale(now),
        };
        let stores: Vec<FreshStore> = listed.iter().map(line).collect();
        Self { href, oldest: oldest.map(When::ago), is_stale: stores.iter().any(|store| store.is_stale), stores }
    }
}
