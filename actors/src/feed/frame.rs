//! What travels to a socket: one JSON envelope for pages and programs alike.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::Serialize;
use storewire_db::ChangeRow;

/// A piece of a page, ready to be swapped in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// HTML; everything from outside escaped.
    pub content: String,
    /// CSS selector of what it is swapped into; the socket's own element otherwise.
    pub target: Option<String>,
    /// htmx swap style.
    pub swap: Option<String>,
}

/// What a session is sent. Cloning shares the bytes.
#[derive(Clone, Debug)]
pub enum Frame {
    /// JSON texts, in order.
    Texts(Texts),
    /// Close with this code; nothing follows.
    Close(u16),
}

/// One or more JSON texts that travel together. Clones share them, and share what they look like on the wire.
#[derive(Clone, Debug)]
pub struct Texts(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    texts: Vec<Arc<str>>,
    wire: OnceLock<Bytes>,
}

impl Texts {
    /// Texts that are not encoded yet.
    #[must_use]
    pub fn new(texts: Vec<Arc<str>>) -> Self {
        Self(Arc::new(Shared { texts, wire: OnceLock::new() }))
    }

    /// The texts, each a frame of its own.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.texts.iter().map(|text| &**text)
    }

    /// The bytes that go over the wire for them. Who comes first has them encoded, and everybody is given the same bytes.
    pub fn wire(&self, encode: impl FnOnce(&Self) -> Bytes) -> Bytes {
        self.0.wire.get_or_init(|| encode(self)).clone()
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    topic: String,
    seq: i64,
    cursor: &'a str,
    kind: &'a str,
    id: String,
    store: String,
    source: &'a str,
    store_time: Option<String>,
    received_at: Option<String>,
    saved_at: String,
    detail: &'a serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swap: Option<&'a str>,
}

/// The frame of a change: `{topic, seq, cursor, kind, id, …, content?}`.
pub(super) fn of_change(change: &ChangeRow, cursor: &str, rendered: Option<&Rendered>) -> Arc<str> {
    let envelope = Envelope {
        topic: format!("store:{}", change.store_id),
        seq: change.seq,
        cursor,
        kind: change.kind.as_str(),
        id: change.entity_id.to_string(),
        store: change.store_id.to_string(),
        source: change.source.as_str(),
        store_time: change.store_time.map(|time| time.to_string()),
        received_at: change.received_at.map(|time| time.to_string()),
        saved_at: change.saved_at.to_string(),
        detail: &change.detail,
        content: rendered.map(|rendered| rendered.content.as_str()),
        target: rendered.and_then(|rendered| rendered.target.as_deref()),
        swap: rendered.and_then(|rendered| rendered.swap.as_deref()),
    };
    text(&envelope)
}

/// How often a quiet socket says that it lives, seconds.
pub const BEAT_SECONDS: u64 = 20;

/// The frame that says "you have everything now", and how often to expect a sign of life.
pub(super) fn hello(cursor: &str) -> Arc<str> {
    text(&serde_json::json!({"kind": "hello", "cursor": cursor, "beat": BEAT_SECONDS}))
}

/// The frame that says "you lack too much: load the page again".
pub(super) fn reload() -> Arc<str> {
    text(&serde_json::json!({"kind": "reload"}))
}

/// The frame that says "ask who is here". It belongs to no log.
pub(super) fn whisper() -> Arc<str> {
    text(&serde_json::json!({"kind": "whisper"}))
}

fn text(value: &impl Serialize) -> Arc<str> {
    serde_json::to_string(value).unwrap_or_default().into()
}
