//! A request by itself: its values side by side, what may be done with it, and all that happened to it.

use askama::Template;
use serde_json::Value;
use storewire_db::{RequestRow, requests::EventRow};
use storewire_domain::{
    Edit,
    request::{Meaning, RequestEvent},
};
use uuid::Uuid;

use super::{
    LetterLog, RequestView, When,
    intent::{title, values},
    order_draft::order_facts,
    outcome,
    product_facts::product_facts,
    request::{Choices, told},
};
use crate::panel::{filters, frame::Frame, words::Words};

/// `GET /requests/{id}`.
#[derive(Template)]
#[template(path = "requests/show.html")]
pub struct RequestPage {
    pub t: Words,
    pub frame: Frame,
    pub request: RequestView,
    /// Names and values.
    pub facts: Vec<(String, String)>,
    pub forms: RequestForms,
    /// Oldest first.
    pub events: Vec<EventView>,
    /// What was written about it; `None` for merchants.
    pub letters: Option<LetterLog>,
}

/// What the reader may do with it.
#[derive(Clone, Debug)]
pub struct RequestForms {
    pub href: String,
    pub version: i64,
    pub choices: Option<Choices>,
    pub can_withdraw: bool,
    pub can_reopen: bool,
    pub can_comment: bool,
    /// So that a comment sent twice is said once.
    pub deed: Uuid,
}

/// One entry of the timeline.
#[derive(Clone, Debug)]
pub struct EventView {
    pub dom_id: String,
    pub icon: &'static str,
    pub title: String,
    /// Nobody, if it happened by itself.
    pub by: String,
    pub is_by_staff: bool,
    pub at: When,
    pub text: String,
}

/// The values that a decision is about.
#[must_use]
pub fn facts(request: &RequestRow, t: &Words) -> Vec<(String, String)> {
    let mut facts = match &request.edit {
        Edit::PlaceOrder { order } => order_facts(order, t),
        Edit::Create { product } => product_facts(product, t),
        _ => Vec::new(),
    };
    let mut add = |id: &str, value: Option<String>| facts.extend(value.map(|value| (t.get(id), value)));
    add("request-base", told(&request.base, t));
    add("request-current", told(&request.current, t));
    // Of what is yet to be made there is nothing to say but that.
    add("request-wanted", told(&request.edit.wanted(), t).filter(|_| !request.edit.stands_alone()));
    let is_counted = matches!(request.edit, Edit::Stock { .. });
    add("request-meaning", is_counted.then(|| meaning(request.asked_meaning, t)));
    add("request-written", request.decided_edit.as_ref().map(|edit| title(edit, t).1));
    facts
}

/// How a quantity is meant.
pub fn meaning(meaning: Meaning, t: &Words) -> String {
    match meaning {
        Meaning::Absolute => t.get("request-absolute"),
        Meaning::Relative => t.get("request-relative"),
    }
}

impl EventView {
    #[must_use]
    pub fn new(event: &EventRow, t: &Words) -> Self {
        let (icon, title) = happened(event, t);
        Self {
            dom_id: format!("event-{}", event.id),
            icon,
            title,
            by: event.by_name.clone(),
            is_by_staff: event.by_staff,
            at: When::moment(event.at),
            text: event.text.clone(),
        }
    }
}

fn happened(event: &EventRow, t: &Words) -> (&'static str, String) {
    let detail = |name: &str| event.detail.get(name).filter(|value| !value.is_null());
    match event.kind {
        RequestEvent::Asked => ("plus", t.get("request-event-asked")),
        RequestEvent::Commented => ("message-square", t.get("request-event-commented")),
        RequestEvent::Stale => ("triangle-alert", stale(detail("current"), t)),
        RequestEvent::Approved => {
            let edit = detail("edit").and_then(|edit| serde_json::from_value::<Edit>(edit.clone()).ok());
            let what = edit.map(|edit| title(&edit, t).1).unwrap_or_default();
            ("circle-check", t.with("request-event-approved", "what", &what))
        }
        RequestEvent::Rejected => ("circle-x", t.get("request-event-rejected")),
        RequestEvent::Withdrawn => ("ban", t.get("request-event-withdrawn")),
        RequestEvent::Reminded => ("clock", t.get("request-event-reminded")),
        RequestEvent::Expired => ("hourglass", t.get("request-event-expired")),
        RequestEvent::Applied => ("circle-check", t.get("request-event-applied")),
        RequestEvent::Failed => {
            let why = detail("reason").and_then(Value::as_str).unwrap_or_default();
            ("circle-alert", t.with("request-event-failed", "why", &outcome::failed(why, t)))
        }
        RequestEvent::Reopened => ("rotate-ccw", t.get("request-event-reopened")),
    }
}

/// What the store came to hold; without it the record itself is gone.
fn stale(current: Option<&Value>, t: &Words) -> String {
    match current.and_then(|current| values(current, t)) {
        Some(current) => t.with("request-event-stale", "values", &current),
        None => t.get("request-event-gone"),
    }
}
