//! A store as staff see it: its state, how late it is, and what to do about it.

use storewire_db::StoreRow;
use storewire_domain::StoreState;

use super::{Badge, When, advice::advice, money::count, product::web_address, status, text::plain};
use crate::panel::{dom_id, url, words::Words};

/// A store in the list and on its page.
#[derive(Clone, Debug)]
pub struct StoreView {
    pub id: String,
    pub dom_id: String,
    pub state_id: String,
    pub health_id: String,
    pub href: String,
    pub name: String,
    pub host: String,
    pub page: Option<String>,
    pub tenant: String,
    pub state: Badge,
    pub state_raw: &'static str,
    pub advice: Option<String>,
    /// The last error, while it is the reason for the state.
    pub error: Option<String>,
    pub last_error: Option<String>,
    pub last_error_at: Option<When>,
    pub as_of: Option<When>,
    pub last_ok: Option<When>,
    pub last_webhook: Option<When>,
    pub inbox: String,
    pub orders: String,
    pub products: String,
    pub progress: Option<Progress>,
    pub currency: String,
    pub timezone: String,
    pub version: Option<String>,
    pub connected: When,
}

/// How far the first import has come.
#[derive(Clone, Debug)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
    pub has_total: bool,
    pub text: String,
}

impl StoreView {
    #[must_use]
    pub fn new(store: &StoreRow, t: &Words) -> Self {
        let is_well = matches!(store.state, StoreState::Live | StoreState::New | StoreState::Importing);
        let reason = store.state_reason.as_deref().filter(|reason| !reason.is_empty());
        let advice = match store.state {
            StoreState::Parked => Some(t.get("advice-parked")),
            StoreState::Paused => Some(t.get("advice-paused")),
            _ if is_well => reason.map(|reason| advice(reason, t)),
            _ => Some(advice(reason.unwrap_or_default(), t)),
        };
        Self {
            id: store.id.to_string(),
            dom_id: dom_id::store(store.id),
            state_id: dom_id::store_state(store.id),
            health_id: dom_id::store_health(store.id),
            href: url::store(store.id),
            name: plain(&store.name),
            host: host(&store.home_url),
            page: web_address(&store.home_url),
            tenant: store.tenant_name.clone(),
            state: status::store(store.state, t),
            state_raw: store.state.as_str(),
            advice,
            error: store.last_error.clone().filter(|_| !is_well),
            last_error: store.last_error.clone(),
            last_error_at: store.last_error_at.map(When::moment),
            as_of: store.as_of.map(When::ago),
            last_ok: store.last_ok_at.map(When::ago),
            last_webhook: store.last_webhook_at.map(When::ago),
            inbox: count(store.inbox_pending),
            orders: count(store.orders),
            products: count(store.products),
            progress: (store.state == StoreState::Importing).then(|| Progress::new(store, t)),
            currency: store.currency.clone(),
            timezone: store.timezone.clone(),
            version: store.woo_version.clone(),
            connected: When::moment(store.created_at),
        }
    }
}

impl Progress {
    fn new(store: &StoreRow, t: &Words) -> Self {
        let done = store.backfill_done.max(0);
        let total = store.backfill_total.filter(|total| *total > 0);
        let text = match total {
            Some(total) => t.with_two("stores-progress", ("done", &count(done)), ("total", &count(total.max(done)))),
            None => t.with("stores-progress-open", "done", &count(done)),
        };
        Self { done, total: total.unwrap_or(0).max(done), has_total: total.is_some(), text }
    }
}

fn host(address: &str) -> String {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_end_matches('/').to_owned()
}
