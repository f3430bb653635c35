//! Which stores' numbers are older than promised, above a list or a record of theirs.

use std::collections::HashSet;

use jiff::Timestamp;
use storewire_db::stores::StoreGlance;
use storewire_domain::{RoleClass, StoreId};

use super::{When, advice::for_store, text::plain};
use crate::panel::{url, words::Words};

/// The stores of a page that are late.
#[derive(Clone, Debug, Default)]
pub struct Stale {
    pub lines: Vec<StaleLine>,
    ids: HashSet<StoreId>,
}

/// One late store.
#[derive(Clone, Debug)]
pub struct StaleLine {
    pub name: String,
    pub as_of: When,
    /// For staff: its page, and why it is late.
    pub href: Option<String>,
    pub why: Option<String>,
}

impl Stale {
    /// Of the store that the page is narrowed to, or of all the reader sees. Why is for staff to know.
    #[must_use]
    pub fn of(stores: &[StoreGlance], only: Option<StoreId>, class: RoleClass, now: Timestamp, t: &Words) -> Self {
        let is_staff = class == RoleClass::Staff;
        let late =
            || stores.iter().filter(|store| only.is_none_or(|id| id == store.id)).filter(|store| store.is_stale(now));
        let line = |store: &StoreGlance| {
            Some(StaleLine {
                name: plain(&store.name),
                as_of: When::ago(store.as_of?),
                href: is_staff.then(|| url::store(store.id)),
                why: is_staff.then(|| for_store(store.state, store.state_reason.as_deref(), t)).flatten(),
            })
        };
        Self { lines: late().filter_map(line).collect(), ids: late().map(|store| store.id).collect() }
    }

    /// Whether a record of this store is shown in grey.
    #[must_use]
    pub fn has(&self, store: StoreId) -> bool {
        self.ids.contains(&store)
    }
}
