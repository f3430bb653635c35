//! How far a store's first import has come, and when it will be there.

use jiff::Timestamp;
use storewire_db::StoreRow;

use super::{money::count, span::span};
use crate::panel::words::Words;

/// How far the first import has come.
#[derive(Clone, Debug)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
    pub has_total: bool,
    pub text: String,
    /// How long it will take yet, at the pace so far.
    pub left: Option<String>,
}

impl Progress {
    #[must_use]
    pub fn new(store: &StoreRow, now: Timestamp, t: &Words) -> Self {
        let done = store.backfill_done.max(0);
        let total = store.backfill_total.filter(|total| *total > 0);
        let text = match total {
            Some(total) => t.with_two("stores-progress", ("done", &count(done)), ("total", &count(total.max(done)))),
            None => t.with("stores-progress-open", "done", &count(done)),
        };
        Self {
            done,
            total: total.unwrap_or(0).max(done),
            has_total: total.is_some(),
            text,
            left: store.import_left(now).map(|left| t.with("stores-progress-left", "span", &span(left, t))),
        }
    }
}
