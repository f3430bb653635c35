//! The history of one record, as JSON.

use jiff::Timestamp;
use serde::Serialize;
use storewire_db::ChangeRow;
use utoipa::ToSchema;

/// One change of a record: what, who told us, and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// The change's number in its store; rises without a gap.
    pub seq: i64,
    #[schema(example = "order.updated")]
    pub kind: &'static str,
    /// Where we learned of it: `webhook`, `pull`, `backfill`, `sweep`, `reconcile`, `push` (read back after our own write), `engine` or
    /// `user`.
    pub source: &'static str,
    /// When the store says it happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub store_time: Option<Timestamp>,
    /// When word of it reached us.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// When it was saved here.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
    /// Field to `[before, after]`.
    #[schema(value_type = Object)]
    pub changed: serde_json::Value,
}

impl From<ChangeRow> for TimelineEntry {
    fn from(row: ChangeRow) -> Self {
        Self {
            seq: row.seq,
            kind: row.kind.as_str(),
            source: row.source.as_str(),
            store_time: row.store_time,
            received_at: row.received_at,
            saved_at: row.saved_at,
            changed: row.detail,
        }
    }
}
