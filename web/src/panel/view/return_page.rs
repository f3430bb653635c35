//! The page of a return: its items, its photos, and what happened to it.

use askama::Template;
use serde_json::Value;
use storewire_db::{
    AttachmentRow, ReturnRow,
    returns::{EventRow, ItemRow},
};
use storewire_domain::{
    IntentState,
    returns::{ItemDecision, ReturnEntry, ReturnState},
};

use super::{Badge, LetterLog, ReturnForms, ReturnHead, When, intent, money::number, outcome, returned, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// `GET /returns/{id}`.
#[derive(Template)]
#[template(path = "returns/show.html")]
pub struct ReturnPage {
    pub t: Words,
    pub frame: Frame,
    pub head: ReturnHead,
    pub returned: ReturnView,
    /// What may be done; `None` for who may only look.
    pub forms: Option<ReturnForms>,
    /// The letters to the buyer; `None` for who may only look.
    pub letters: Option<LetterLog>,
}

/// What a return's page tells.
#[derive(Clone, Debug)]
pub struct ReturnView {
    pub href: String,
    pub number: String,
    pub order_href: String,
    pub order: String,
    pub store: String,
    pub buyer: String,
    pub email: String,
    pub reason: String,
    pub note: String,
    pub opener: String,
    pub opened: When,
    pub items: Vec<ItemView>,
    pub photos: Vec<PhotoView>,
    /// Oldest first.
    pub entries: Vec<EntryView>,
}

/// One item of a return.
#[derive(Clone, Debug)]
pub struct ItemView {
    pub position: i32,
    pub name: String,
    pub sku: String,
    pub product_href: Option<String>,
    pub quantity: String,
    /// How many came, once they are counted.
    pub received: Option<String>,
    pub decision: Option<String>,
    pub restock: Option<RestockView>,
}

/// How an item's way back to the shelf stands.
#[derive(Clone, Debug)]
pub struct RestockView {
    pub state: Badge,
    pub state_raw: &'static str,
    pub reason: Option<String>,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct PhotoView {
    pub href: String,
    pub name: String,
}

/// Something that happened to a return, or was said about it.
#[derive(Clone, Debug)]
pub struct EntryView {
    pub icon: &'static str,
    pub title: String,
    pub by: String,
    pub at: When,
    pub text: String,
}

impl ReturnView {
    #[must_use]
    pub fn new(row: &ReturnRow, events: &[EventRow], photos: &[AttachmentRow], t: &Words) -> Self {
        Self {
            href: url::returned(row.id),
            number: returned::number(row),
            order_href: url::order(row.order_id),
            order: format!("#{}", plain(&row.order_number)),
            store: plain(&row.store_name),
            buyer: plain(&row.buyer_name),
            email: row.buyer_email.clone(),
            reason: returned::reason(row.reason, t),
            note: row.note.clone(),
            opener: row.opened_name.clone(),
            opened: When::moment(row.opened_at),
            items: row.items.iter().map(|item| ItemView::new(item, t)).collect(),
            photos: photos.iter().map(PhotoView::from).collect(),
            entries: events.iter().map(|event| EntryView::new(event, t)).collect(),
        }
    }
}

impl ItemView {
    fn new(item: &ItemRow, t: &Words) -> Self {
        let restock = item.restock.map(|state| RestockView::new(state, item.restock_reason.as_deref(), t));
        Self {
            position: item.position,
            name: plain(&item.name),
            sku: item.sku.clone(),
            product_href: item.product_id.map(url::product),
            quantity: number(item.quantity),
            received: item.received.map(number),
            decision: item.decision.map(|decision| fate(decision, t)),
            restock,
        }
    }
}

impl RestockView {
    fn new(state: IntentState, reason: Option<&str>, t: &Words) -> Self {
        let is_failed = state == IntentState::Failed;
        Self {
            state: intent::badge(state, t),
            state_raw: state.as_str(),
            reason: is_failed.then(|| outcome::failed(reason.unwrap_or_default(), t)),
        }
    }
}

impl From<&AttachmentRow> for PhotoView {
    fn from(file: &AttachmentRow) -> Self {
        Self { href: url::attachment(file.id), name: file.name.clone() }
    }
}

impl EntryView {
    fn new(event: &EventRow, t: &Words) -> Self {
        let to = event.detail.get("to").and_then(Value::as_str).and_then(|word| word.parse::<ReturnState>().ok());
        let (icon, title) = match event.kind {
            ReturnEntry::Opened => ("plus", t.get("return-entry-opened")),
            ReturnEntry::State => to
                .map(|to| returned::badge(to, t))
                .map_or_else(|| ("circle-dot", t.get("return-entry-moved")), |badge| (badge.icon, badge.word)),
            ReturnEntry::Received => ("inbox", t.get("return-entry-received")),
            ReturnEntry::Decided => ("list-checks", t.get("return-entry-decided")),
            ReturnEntry::Restock => restock_entry(event, t),
            ReturnEntry::Photo => ("plus", t.get("return-entry-photo")),
            ReturnEntry::Comment => ("message-square", t.get("return-entry-comment")),
            ReturnEntry::Message => ("send", t.with("return-entry-message", "subject", subject(event))),
        };
        Self { icon, title, by: event.by_name.clone(), at: When::moment(event.at), text: event.text.clone() }
    }
}

/// How a write that puts goods back ended.
fn restock_entry(event: &EventRow, t: &Words) -> (&'static str, String) {
    let told = |name: &str| event.detail.get(name).and_then(Value::as_str);
    if told("state") == Some(IntentState::Done.as_str()) {
        return ("package", t.get("return-entry-restock"));
    }
    let reason = outcome::failed(told("reason").unwrap_or_default(), t);
    ("triangle-alert", t.with("return-entry-restock-failed", "reason", reason.as_str()))
}

fn subject(event: &EventRow) -> &str {
    event.detail.get("subject").and_then(Value::as_str).unwrap_or_default()
}

/// What becomes of an item, in words.
pub(super) fn fate(decision: ItemDecision, t: &Words) -> String {
    match decision {
        ItemDecision::Restock => t.get("return-restock"),
        ItemDecision::Scrap => t.get("return-scrap"),
        ItemDecision::SendBack => t.get("return-send-back"),
    }
}

/// Says that goods are nearer to the shelf: the page asks for its items anew.
#[derive(Template)]
#[template(path = "returns/_beat.html")]
pub struct ShelfBeat {
    pub saved: i64,
}
