//! Lists that are being read: those who ask for the same one at the same moment share it.

use jiff::Timestamp;
use storewire_db::stores::StoreGlance;
use storewire_domain::{ReadScope, RoleClass};
use storewire_guard::access::{Action, Area, allowed};

use super::{
    frame,
    narrow::ListQuery,
    together::Together,
    url,
    view::{Filter, Fresh, Listing, Narrowing, Stale, filter::Bar},
    words::Words,
};
use crate::{error::WebError, extract::Session};

/// All lists of the panel.
pub type Listings = Together<Asked, Listing>;

/// All that a list depends on besides the rows: whose they are, who looks, and what was asked for. Whoever reads a list is given this and
/// no session, so that nothing of one person gets into what others are shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    path: &'static str,
    pub scope: ReadScope,
    pub class: RoleClass,
    /// What is wrong with stores stands above the list.
    pub keeps_stores: bool,
    pub t: Words,
    pub narrowing: Narrowing,
    /// The last row of the page before.
    pub after: Option<String>,
}

impl Asked {
    /// What the session asks of the list at `path`.
    ///
    /// # Errors
    /// `NotFound` for what cannot exist.
    pub fn new(path: &'static str, session: &Session, query: &ListQuery) -> Result<Self, WebError> {
        Ok(Self {
            path,
            scope: session.scope(),
            class: session.class(),
            keeps_stores: allowed(session, Area::Stores, Action::View),
            t: frame::words(session),
            narrowing: query.narrowing()?,
            after: query.after.clone(),
        })
    }
}

/// What a list of stores' records has around its rows.
pub struct Around {
    pub filter: Filter,
    pub stale: Stale,
    pub fresh: Fresh,
    /// The next page.
    pub next: Option<String>,
}

impl Around {
    /// `last` is the key of the page's last row, if there are more.
    #[must_use]
    pub fn new(asked: &Asked, bar: Bar<'_>, stores: &[StoreGlance], last: Option<&str>, now: Timestamp) -> Self {
        let narrowing = &asked.narrowing;
        let filter = Filter::new(bar, narrowing, stores);
        Self {
            next: last.map(|last| url::further(&filter.home, last)),
            filter,
            stale: Stale::of(stores, narrowing.store, asked.class, now, &asked.t),
            fresh: Fresh::of(stores, narrowing.store, now),
        }
    }
}
