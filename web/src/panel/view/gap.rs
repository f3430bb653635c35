//! A time in which webhooks did not come, and what reading made up for.

use serde_json::Value;
use storewire_db::webhook_gaps::Gap;

use super::{When, span::since, span::span, status::readable};
use crate::panel::words::Words;

/// One gap.
#[derive(Clone, Debug)]
pub struct GapView {
    pub since: When,
    pub lasted: String,
    /// What was wrong: "switched off by the store: order.updated".
    pub causes: Vec<String>,
    /// What came to light by reading; `None` while that goes on.
    pub recovered: Option<String>,
}

impl GapView {
    #[must_use]
    pub fn new(gap: &Gap, t: &Words) -> Self {
        let causes = gap.found.as_object().into_iter().flatten().map(|(cause, topics)| {
            let topics: Vec<&str> = topics.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            format!("{}: {}", word(cause, t), topics.join(", "))
        });
        Self {
            since: When::moment(gap.since),
            lasted: span(since(gap.since, gap.mended_at.unwrap_or(gap.found_at)), t),
            causes: causes.collect(),
            recovered: gap.recovered.map(|found| {
                let numbers = found.to_detail();
                t.told("gap-recovered", &["orders", "products", "customers", "coupons"], &numbers)
            }),
        }
    }
}

fn word(cause: &str, t: &Words) -> String {
    match cause {
        "disabled" => t.get("gap-disabled"),
        "paused" => t.get("gap-paused"),
        "deleted" => t.get("gap-deleted"),
        "moved" => t.get("gap-moved"),
        "owner" => t.get("gap-owner"),
        "unknown" => t.get("gap-unknown"),
        other => readable(other),
    }
}
