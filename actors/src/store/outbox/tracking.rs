//! Parcels, as the widespread shipment tracking plugins keep them: a list in one meta field of the order.
//!
//! Our item's id derives from the intent, so that sending it twice is one item, and items of others are carried over as they are.

use serde::Deserialize;
use serde_json::{Value, json};
use storewire_domain::{
    Edit,
    intent::{FieldValue, Fields},
};
use storewire_woo::decode::TRACKING_KEY;
use uuid::Uuid;

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    meta_data: Vec<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    id: Option<u64>,
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: Value,
}

/// Whether an order's JSON holds the parcel of this intent.
pub(super) fn present(raw: &str, intent: Uuid) -> Fields {
    let id = item_id(intent);
    let metas = metas(raw).unwrap_or_default();
    let items = metas.iter().filter_map(|meta| items(&meta.value)).flatten();
    let ours = items.into_iter().find(|item| item.get("tracking_id").and_then(Value::as_str) == Some(id.as_str()));
    let told = ours.map_or(FieldValue::Nothing, |item| {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let names = ["custom_tracking_provider", "tracking_number", "custom_tracking_link"];
        FieldValue::List(names.map(text).to_vec())
    });
    Fields::of("tracking", told)
}

/// The meta field with our parcel added; `None` if what is there cannot be carried over.
pub(super) fn merged(raw: &str, intent: Uuid, edit: &Edit) -> Option<Value> {
    let Edit::Tracking { provider, number, url } = edit else { return None };
    let existing = metas(raw)?.into_iter().next();
    let mut items = existing.as_ref().map_or(Some(Vec::new()), |meta| items(&meta.value))?;
    let id = item_id(intent);
    items.retain(|item| item.get("tracking_id").and_then(Value::as_str) != Some(id.as_str()));
    // A provider of one's own with its own address is shown whether or not the plugin knows the carrier.
    items.push(json!({
        "tracking_provider": "",
        "custom_tracking_provider": provider,
        "custom_tracking_link": url.as_deref().unwrap_or_default(),
        "tracking_number": number,
        "date_shipped": wished_at(intent).to_string(),
        "tracking_id": id,
    }));
    let mut meta = json!({ "key": TRACKING_KEY, "value": items });
    if let (Some(known), Some(meta)) = (existing.and_then(|meta| meta.id), meta.as_object_mut()) {
        meta.insert("id".to_owned(), known.into());
    }
    Some(Value::Array(vec![meta]))
}

/// Thirty-two hexadecimal digits, as the plugins' own.
fn item_id(intent: Uuid) -> String {
    intent.simple().to_string()
}

/// When the intent was made, in seconds: the same however often it is sent.
fn wished_at(intent: Uuid) -> u64 {
    intent.get_timestamp().map_or(0, |time| time.to_unix().0)
}

fn metas(raw: &str) -> Option<Vec<Meta>> {
    let raw: Raw = serde_json::from_str(raw).ok()?;
    Some(raw.meta_data.into_iter().filter(|meta| meta.key == TRACKING_KEY).collect())
}

/// PHP writes a list with a hole in it as an object.
fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items.clone()),
        Value::Object(items) => Some(items.values().cloned().collect()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel() -> Edit {
        Edit::Tracking { provider: "Kargo".to_owned(), number: "TR1".to_owned(), url: None }
    }

    #[test]
    fn sent_twice_it_is_one_parcel_beside_those_of_others() {
        let intent = Uuid::now_v7();
        let other = json!({"tracking_id": "abc", "tracking_number": "9"});
        let raw = json!({"id": 1, "meta_data": [{"id": 77, "key": TRACKING_KEY, "value": {"3": other}}]}).to_string();
        assert!(!parcel().wanted().are_in(&present(&raw, intent)));

        let once = merged(&raw, intent, &parcel()).unwrap();
        assert_eq!(once.pointer("/0/id"), Some(&json!(77)));
        assert_eq!(once.pointer("/0/value/0"), Some(&other));
        let raw = json!({"id": 1, "meta_data": once}).to_string();
        assert!(parcel().wanted().are_in(&present(&raw, intent)));
        assert_eq!(merged(&raw, intent, &parcel()).unwrap(), once);
    }

    #[test]
    fn what_cannot_be_carried_over_is_not_overwritten() {
        let raw = json!({"meta_data": [{"key": TRACKING_KEY, "value": "a:1:{i:0;O:8:\"stdClass\":0:{}}"}]}).to_string();
        assert_eq!(merged(&raw, Uuid::now_v7(), &parcel()), None);
        assert!(merged("{}", Uuid::now_v7(), &parcel()).is_some());
    }
}
