//! Lists of cards that are narrowed by state and store: what they have around their cards, whatever those are of.

use std::str::FromStr;

use actix_web::HttpRequest;
use storewire_db::{
    DbError, ReadTx,
    stores::{self, StoreGlance},
};

use super::{
    alerts,
    frame::Frame,
    url,
    view::{Alerts, Filter, Narrowing, filter::Bar},
    words::Words,
};
use crate::{error::WebError, extract::Session, state::AppState};

/// One of these lists.
pub struct List {
    /// Its address in the navigation.
    pub nav: &'static str,
    pub bar: Bar<'static>,
    /// What its socket follows.
    pub live: &'static str,
}

/// What is read in the transaction of the cards.
pub struct Beside {
    stores: Vec<StoreGlance>,
    alerts: Option<Alerts>,
    cursor: String,
}

impl Beside {
    /// Reads it.
    ///
    /// # Errors
    /// As every statement.
    pub async fn read(tx: &ReadTx, session: &Session) -> Result<Self, DbError> {
        Ok(Self {
            stores: stores::glances(tx).await?,
            alerts: alerts::of(tx, session).await?,
            cursor: tx.cursor().await?.as_str().to_owned(),
        })
    }
}

/// What a page has around its cards.
pub struct Around {
    pub frame: Frame,
    pub filter: Filter,
    /// The next page.
    pub older: Option<String>,
}

impl Around {
    /// `last` is the key of the page's last card, if there are more.
    #[must_use]
    pub fn new(
        (request, session, state): (&HttpRequest, &Session, &AppState),
        List { nav, bar, live }: List,
        (narrowing, beside): (&Narrowing, Beside),
        last: Option<&str>,
        t: &Words,
    ) -> Self {
        let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
        let narrowed = [("state", narrowing.choice.as_deref().unwrap_or_default()), ("store", store.as_str())];
        let live = url::live(live, &beside.cursor, &narrowed);
        let filter = Filter::new(bar, narrowing, &beside.stores);
        Self {
            frame: Frame::new(request, session, nav, state.clock.now(), t).under(beside.alerts).following(live),
            older: last.map(|last| url::further(&filter.home, last)),
            filter,
        }
    }
}

/// The state that a list is narrowed to.
///
/// # Errors
/// `NotFound` for one that cannot exist.
pub fn state<S: FromStr>(narrowing: &Narrowing) -> Result<Option<S>, WebError> {
    narrowing.choice.as_deref().map(str::parse).transpose().map_err(|_| WebError::NotFound)
}
