//! A shop's log of writes by REST: what each of them changed, so that "exactly once" can be counted.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::php_json::{Json, Object};

/// Writes kept.
const NUM_WRITES: usize = 20_000;

/// Fields that move by themselves, so they say nothing about a write.
const RESTLESS: &[&str] = &["date_modified", "date_modified_gmt", "related_ids", "price_html", "_links"];

/// One record written by one request. Each item of a batch is one; a write that was refused is none.
#[derive(Clone, Debug, Serialize)]
pub struct Write {
    /// The number of the request among the shop's calls.
    pub call: u64,
    /// When it was carried out, by the machine's clock.
    pub at_ms: i64,
    /// `order`, `product`, `variation`, `customer`, `coupon`, `refund`, `webhook` or `note`.
    pub kind: &'static str,
    pub id: u64,
    /// The order of a note or refund, the product of a variation; otherwise 0.
    pub parent_id: u64,
    pub verb: Verb,
    /// The fields that have another value now: `{"from": …, "to": …}`. A new record shows those that were asked for, a deleted one none.
    pub changed: Map<String, Value>,
    /// Whether anything is different from before. Modification dates do not count.
    pub effective: bool,
}

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    Create,
    Update,
    Delete,
}

/// The last writes, oldest first.
#[derive(Debug, Default)]
pub struct Writes(VecDeque<Write>);

impl Writes {
    pub fn add(&mut self, write: Write) {
        if self.0.len() == NUM_WRITES {
            self.0.pop_front();
        }
        self.0.push_back(write);
    }

    #[must_use]
    pub fn all(&self) -> Vec<Write> {
        self.0.iter().cloned().collect()
    }
}

/// What differs between a record before and after; of a new record the fields that were `sent`.
#[must_use]
pub fn difference(before: Option<&Object>, after: Option<&Object>, sent: &Value) -> Map<String, Value> {
    let Some(after) = after else { return Map::new() };
    let mut changed = Map::new();
    for (name, value) in after.iter().filter(|(name, _)| !RESTLESS.contains(name)) {
        let is_shown = match before.map(|before| before.get(name)) {
            Some(old) => old.map(Json::to_text) != Some(value.to_text()),
            None => sent.get(name).is_some(),
        };
        if is_shown {
            let from = before.and_then(|before| before.get(name)).map_or(Value::Null, plain);
            changed.insert(name.to_owned(), json!({ "from": from, "to": plain(value) }));
        }
    }
    changed
}

fn plain(value: &Json) -> Value {
    // What the shop writes is JSON.
    serde_json::from_str(&value.to_text()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::php_json::object;

    #[test]
    fn only_what_differs_is_told_and_dates_do_not_count() {
        let before = object! { "id" => 1, "stock_quantity" => 5, "name" => "a", "date_modified_gmt" => "x" };
        let after = object! { "id" => 1, "stock_quantity" => 7, "name" => "a", "date_modified_gmt" => "y" };
        let changed = difference(Some(&before), Some(&after), &Value::Null);
        assert_eq!(Value::Object(changed), json!({"stock_quantity": {"from": 5, "to": 7}}));
        assert!(difference(Some(&after), Some(&after), &Value::Null).is_empty());
    }

    #[test]
    fn a_new_record_shows_what_was_sent() {
        let changed = difference(None, Some(&object! { "id" => 3, "note" => "hi" }), &json!({"note": "hi"}));
        assert_eq!(Value::Object(changed), json!({"note": {"from": null, "to": "hi"}}));
    }
}
