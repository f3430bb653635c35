//! Up to when a list is complete: the oldest of its stores, and each on demand.

use jiff::Timestamp;
use storewire_db::StoreRow;
use storewire_domain::StoreId;

use super::{When, text::plain};
use crate::panel::url;

/// How fresh a list is.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Where to ask again.
    pub href: String,
    pub oldest: Option<When>,
    pub stores: Vec<FreshStore>,
}

/// How fresh one store is.
#[derive(Clone, Debug)]
pub struct FreshStore {
    pub name: String,
    pub as_of: Option<When>,
}

impl Fresh {
    /// Of the store that the list is narrowed to, or of all the reader sees.
    #[must_use]
    pub fn of(stores: &[StoreRow], only: Option<StoreId>) -> Self {
        let listed: Vec<&StoreRow> = stores.iter().filter(|store| only.is_none_or(|id| id == store.id)).collect();
        let oldest: Option<Timestamp> = listed.iter().filter_map(|store| store.as_of).min();
        let store = only.map(|id| id.to_string()).unwrap_or_default();
        let href = url::with(url::FRESHNESS, &[("store", &store)]);
        Self { href, oldest: oldest.map(When::ago), stores: listed.into_iter().map(FreshStore::from).collect() }
    }
}

impl From<&StoreRow> for FreshStore {
    fn from(store: &StoreRow) -> Self {
        Self { name: plain(&store.name), as_of: store.as_of.map(When::ago) }
    }
}
