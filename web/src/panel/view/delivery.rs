//! A received webhook: in a list, and with its bytes.

use askama::Template;
use storewire_db::deliveries::DeliveryRow;

use super::{Badge, Filter, Raw, When, status::readable, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// One delivery.
#[derive(Clone, Debug)]
pub struct DeliveryView {
    pub id: String,
    pub href: String,
    pub store: String,
    pub store_href: String,
    pub topic: String,
    pub state: Badge,
    pub reason: Option<String>,
    pub received: When,
    pub handled: Option<When>,
    pub size: String,
    pub attempts: i16,
    pub can_replay: bool,
    /// The headers it came with.
    pub headers: Vec<(&'static str, String)>,
}

impl DeliveryView {
    #[must_use]
    pub fn new(row: &DeliveryRow, t: &Words) -> Self {
        Self {
            id: row.id.to_string(),
            href: url::delivery(row.id.uuid()),
            store: plain(&row.store_name),
            store_href: url::store(row.store_id),
            topic: row.topic.clone(),
            state: badge(&row.state, t),
            reason: row.reason.as_deref().filter(|reason| !reason.is_empty()).map(|reason| verdict(reason, t)),
            received: When::exact(row.received_at),
            handled: row.handled_at.map(When::exact),
            size: size(row.bytes, t),
            attempts: row.attempts,
            can_replay: row.state != "pending",
            headers: vec![
                ("X-WC-Webhook-Topic", row.topic.clone()),
                ("X-WC-Webhook-Source", row.source.clone()),
                ("X-WC-Webhook-ID", row.webhook_id.clone()),
                ("X-WC-Webhook-Delivery-ID", row.delivery_id.clone()),
            ],
        }
    }
}

/// The states that the list offers as tabs.
pub const STATES: [&str; 4] = ["pending", "applied", "ignored", "dead"];

/// A delivery's state.
pub fn badge(state: &str, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        "pending" => (t.get("delivery-pending"), "info", "clock"),
        "applied" => (t.get("delivery-applied"), "good", "circle-check"),
        "ignored" => (t.get("delivery-ignored"), "calm", "circle-dashed"),
        "dead" => (t.get("delivery-dead"), "bad", "circle-x"),
        other => (readable(other), "calm", "circle-dashed"),
    };
    Badge { word, tone, icon }
}

/// The engine's verdict in words; what has none is an error's own text.
fn verdict(reason: &str, t: &Words) -> String {
    match reason {
        "same" => t.get("verdict-same"),
        "older" => t.get("verdict-older"),
        "asked" => t.get("verdict-asked"),
        "echo" => t.get("verdict-echo"),
        "storm" => t.get("verdict-storm"),
        "unknown_topic" => t.get("verdict-unknown-topic"),
        "error_object" => t.get("verdict-error-object"),
        "webhook_owner" => t.get("verdict-owner"),
        "foreign_source" => t.get("cause-foreign-source"),
        other => other.to_owned(),
    }
}

/// A length in bytes or kilobytes.
pub fn size(bytes: i64, t: &Words) -> String {
    if bytes < 10_000 { t.count("size-bytes", bytes) } else { t.count("size-kilobytes", bytes / 1_000) }
}

/// `GET /deliveries`.
#[derive(Template)]
#[template(path = "deliveries/list.html")]
pub struct DeliveriesPage {
    pub t: Words,
    pub frame: Frame,
    pub filter: Filter,
    /// The topic that the list is narrowed to.
    pub topic: String,
    pub topics: Vec<super::Choice>,
    pub rows: Vec<DeliveryView>,
    /// The next page.
    pub older: Option<String>,
}

/// `GET /deliveries/{id}`.
#[derive(Template)]
#[template(path = "deliveries/show.html")]
pub struct DeliveryPage {
    pub t: Words,
    pub frame: Frame,
    pub row: DeliveryView,
    pub body: Raw,
    pub can_replay: bool,
}
