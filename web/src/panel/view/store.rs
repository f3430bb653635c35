//! A store as staff see it: its state, how late it is, and what to do about it.

use jiff::Timestamp;
use storewire_db::StoreRow;
use storewire_domain::StoreState;

use super::{
    Badge, Progress, When,
    advice::for_store,
    money::count,
    product::web_address,
    span::{since, span},
    status,
    text::plain,
};
use crate::panel::{dom_id, url, words::Words};

/// A store in the list and on its page.
#[derive(Clone, Debug)]
pub struct StoreView {
    pub id: String,
    pub dom_id: String,
    pub state_id: String,
    pub health_id: String,
    pub actor_id: String,
    pub href: String,
    pub name: String,
    pub host: String,
    pub page: Option<String>,
    pub tenant: String,
    pub state: Badge,
    pub state_raw: &'static str,
    pub is_paused: bool,
    /// Its actor gave up; a sync starts it again.
    pub is_parked: bool,
    pub advice: Option<String>,
    /// The last error, while it is the reason for the state.
    pub error: Option<String>,
    pub last_error: Option<String>,
    pub last_error_at: Option<When>,
    pub as_of: Option<When>,
    /// How far behind its numbers are and how far they may be, when that is more.
    pub late: Option<String>,
    pub goal: String,
    pub goal_minutes: u64,
    pub last_ok: Option<When>,
    pub last_webhook: Option<When>,
    pub inbox: String,
    pub rechecks: String,
    pub intents: String,
    pub dead_letters: String,
    pub has_dead_letters: bool,
    pub has_backlog: bool,
    pub orders: String,
    pub products: String,
    pub progress: Option<Progress>,
    pub currency: String,
    pub timezone: String,
    /// Reached without TLS, by a person's choice.
    pub is_plain: bool,
    pub version: Option<String>,
    pub connected: When,
}

impl StoreView {
    #[must_use]
    pub fn new(store: &StoreRow, now: Timestamp, t: &Words) -> Self {
        let is_well = matches!(store.state, StoreState::Live | StoreState::New | StoreState::Importing);
        Self {
            id: store.id.to_string(),
            dom_id: dom_id::store(store.id),
            state_id: dom_id::store_state(store.id),
            health_id: dom_id::store_health(store.id),
            actor_id: dom_id::actor(store.id),
            href: url::store(store.id),
            name: plain(&store.name),
            host: host(&store.home_url),
            page: web_address(&store.home_url),
            tenant: store.tenant_name.clone(),
            state: status::store(store.state, t),
            state_raw: store.state.as_str(),
            is_paused: store.state == StoreState::Paused,
            is_parked: store.state == StoreState::Parked,
            advice: for_store(store.state, store.state_reason.as_deref(), t),
            error: store.last_error.clone().filter(|_| !is_well),
            last_error: store.last_error.clone(),
            last_error_at: store.last_error_at.map(When::moment),
            as_of: store.as_of.map(When::ago),
            late: store.as_of.filter(|_| store.is_stale(now)).map(|as_of| {
                let behind = span(since(as_of, now), t);
                t.with_two("store-late", ("span", &behind), ("goal", &span(store.freshness_goal, t)))
            }),
            goal: span(store.freshness_goal, t),
            goal_minutes: store.freshness_goal.as_secs().div_ceil(60),
            last_ok: store.last_ok_at.map(When::ago),
            last_webhook: store.last_webhook_at.map(When::ago),
            inbox: count(store.inbox_pending),
            rechecks: count(store.rechecks),
            intents: count(store.intents),
            dead_letters: count(store.dead_letters),
            has_dead_letters: store.dead_letters > 0,
            has_backlog: store.inbox_pending + store.rechecks + store.intents > 0,
            orders: count(store.orders),
            products: count(store.products),
            progress: (store.state == StoreState::Importing).then(|| Progress::new(store, now, t)),
            currency: store.currency.clone(),
            timezone: store.timezone.clone(),
            is_plain: store.plain_http,
            version: store.woo_version.clone(),
            connected: When::moment(store.created_at),
        }
    }
}

fn host(address: &str) -> String {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_end_matches('/').to_owned()
}
