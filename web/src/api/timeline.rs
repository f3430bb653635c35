//! The history of one record, as JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::{ChangeRow, audit::AuditRow};
use utoipa::ToSchema;

use crate::history::{Doer, Entry, together, wanted};

/// Something that happened to a record: what, who did it or told us, and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// A change's number in its store, which rises without a gap; null for what somebody did here without changing anything at once.
    pub seq: Option<i64>,
    /// A change's kind, or the name of a deed, such as `intent.propose`.
    #[schema(example = "order.updated")]
    pub kind: String,
    /// Where we learned of it: `webhook`, `pull`, `backfill`, `sweep`, `reconcile`, `push` (read back after our own write), `engine` or
    /// `user`.
    pub source: &'static str,
    /// Who did it, by name. Null where nobody here did; to merchants also where one of the platform's people did.
    pub by: Option<String>,
    /// When the store says it happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub store_time: Option<Timestamp>,
    /// When word of it reached us.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// When it was saved here.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
    /// Field to `[before, after]`; of a deed, what it asks for.
    #[schema(value_type = Object)]
    pub changed: Value,
}

impl TimelineEntry {
    /// What happened to a record that people changed here too, newest first.
    #[must_use]
    pub fn all(changes: &[ChangeRow], deeds: &[AuditRow]) -> Vec<Self> {
        let entry = |entry| match entry {
            Entry::Changed(change, by) => Self { by: by.and_then(name), ..Self::from(change.clone()) },
            Entry::Done(deed) => Self::of(deed),
        };
        together(changes, deeds).into_iter().map(entry).collect()
    }

    fn of(deed: &AuditRow) -> Self {
        let by = Doer::of(deed);
        Self {
            seq: None,
            kind: deed.action.clone(),
            source: if by == Doer::Engine { "engine" } else { "user" },
            by: name(by),
            store_time: None,
            received_at: None,
            saved_at: deed.at,
            changed: wanted(deed).map(|(_, fields)| Value::Object(fields)).unwrap_or_default(),
        }
    }
}

impl From<ChangeRow> for TimelineEntry {
    fn from(row: ChangeRow) -> Self {
        Self {
            seq: Some(row.seq),
            kind: row.kind.as_str().to_owned(),
            source: row.source.as_str(),
            by: None,
            store_time: row.store_time,
            received_at: row.received_at,
            saved_at: row.saved_at,
            changed: row.detail,
        }
    }
}

fn name(by: Doer<'_>) -> Option<String> {
    match by {
        Doer::Named(name) => Some(name.to_owned()),
        Doer::Staff | Doer::Engine => None,
    }
}
