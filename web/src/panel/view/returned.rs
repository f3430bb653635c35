//! A return in a list and at the head of its page: whose goods, why, and how far they have come.

use askama::Template;
use storewire_db::ReturnRow;
use storewire_domain::returns::{ReturnReason, ReturnState};

use super::{Badge, Filter, When, text::plain};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// The way of a return that nothing stops.
const WAY: [ReturnState; 5] =
    [ReturnState::Asked, ReturnState::Accepted, ReturnState::Received, ReturnState::Decided, ReturnState::Closed];

/// One return of a list.
#[derive(Clone, Debug)]
pub struct ReturnCard {
    pub dom_id: String,
    pub href: String,
    /// By which people call it.
    pub number: String,
    pub order_href: String,
    pub order: String,
    pub store: String,
    pub buyer: String,
    pub reason: String,
    pub state: Badge,
    pub state_raw: &'static str,
    /// When it was written, so that a script never puts an older one over a newer.
    pub saved: i64,
    pub opener: String,
    pub opened: When,
}

/// What of a return's page its frames carry.
#[derive(Clone, Debug)]
pub struct ReturnHead {
    pub dom_id: String,
    pub state: Badge,
    pub state_raw: &'static str,
    pub saved: i64,
    /// The way from the first word to the end.
    pub stages: Vec<Stage>,
    pub ended: Option<When>,
}

/// A part of the way.
#[derive(Clone, Debug)]
pub struct Stage {
    pub word: String,
    pub is_done: bool,
    pub is_current: bool,
}

impl ReturnCard {
    #[must_use]
    pub fn new(row: &ReturnRow, t: &Words) -> Self {
        Self {
            dom_id: dom_id::returned(row.id),
            href: url::returned(row.id),
            number: number(row),
            order_href: url::order(row.order_id),
            order: format!("#{}", plain(&row.order_number)),
            store: plain(&row.store_name),
            buyer: plain(&row.buyer_name),
            reason: reason(row.reason, t),
            state: badge(row.state, t),
            state_raw: row.state.as_str(),
            saved: row.updated_at.as_microsecond(),
            opener: row.opened_name.clone(),
            opened: When::moment(row.opened_at),
        }
    }
}

impl ReturnHead {
    #[must_use]
    pub fn new(row: &ReturnRow, t: &Words) -> Self {
        let reached = WAY.iter().position(|state| *state == row.state);
        let stages = WAY.iter().enumerate().map(|(n, state)| Stage {
            word: badge(*state, t).word,
            is_done: reached.is_some_and(|reached| n < reached || row.state.is_final()),
            is_current: reached == Some(n) && !row.state.is_final(),
        });
        Self {
            dom_id: dom_id::return_head(row.id),
            state: badge(row.state, t),
            state_raw: row.state.as_str(),
            saved: row.updated_at.as_microsecond(),
            stages: stages.collect(),
            ended: row.ended_at.map(When::moment),
        }
    }
}

/// By which people call a return.
pub fn number(row: &ReturnRow) -> String {
    format!("RT-{}", row.number)
}

/// Where a return stands, in words.
pub fn badge(state: ReturnState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        ReturnState::Asked => (t.get("return-asked"), "info", "clock"),
        ReturnState::Accepted => (t.get("return-accepted"), "info", "truck"),
        ReturnState::Declined => (t.get("return-declined"), "warn", "circle-x"),
        ReturnState::Received => (t.get("return-received"), "info", "inbox"),
        ReturnState::Decided => (t.get("return-decided"), "info", "list-checks"),
        ReturnState::Closed => (t.get("return-closed"), "good", "circle-check"),
        ReturnState::Cancelled => (t.get("return-cancelled"), "calm", "ban"),
    };
    Badge { word, tone, icon }
}

/// Why a buyer sends goods back, in words.
pub fn reason(reason: ReturnReason, t: &Words) -> String {
    match reason {
        ReturnReason::Damaged => t.get("return-damaged"),
        ReturnReason::WrongItem => t.get("return-wrong-item"),
        ReturnReason::NotAsDescribed => t.get("return-not-as-described"),
        ReturnReason::Unwanted => t.get("return-unwanted"),
        ReturnReason::Late => t.get("return-late"),
        ReturnReason::Other => t.get("return-other"),
    }
}

/// `GET /returns`.
#[derive(Template)]
#[template(path = "returns/list.html")]
pub struct ReturnsPage {
    pub t: Words,
    pub frame: Frame,
    pub filter: Filter,
    pub takes_new: bool,
    pub rows: Vec<ReturnCard>,
    /// The next page.
    pub older: Option<String>,
}

/// The returns of an order, on its page.
#[derive(Clone, Debug, Default)]
pub struct OrderReturns {
    /// Where one is opened; `None` for who may not, and for an order that is gone.
    pub open_href: Option<String>,
    pub rows: Vec<ReturnCard>,
}
