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
            lasted: t.with("gap-lasted", "span", &span(since(gap.since, gap.mended_at.unwrap_or(gap.found_at)), t)),
            causes: causes.collect(),
            recovered: gap.recovered.map(|found| recovered(&found.to_detail(), t)),
        }
    }
}

/// What came to light, by kind of record: the numbers are those that the gap and the diary keep.
pub fn recovered(found: &Value, t: &Words) -> String {
    let kinds = [
        ("orders", "gap-orders"),
        ("products", "gap-products"),
        ("customers", "gap-customers"),
        ("coupons", "gap-coupons"),
    ];
    let number = |name: &str| found.get(name).and_then(Value::as_i64).filter(|n| *n > 0);
    let told: Vec<String> = kinds.iter().filter_map(|(name, id)| Some(t.count(id, number(name)?))).collect();
    match told.is_empty() {
        true => t.get("gap-nothing-missed"),
        false => t.with("gap-recovered", "records", &told.join(", ")),
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
