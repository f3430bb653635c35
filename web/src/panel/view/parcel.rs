//! The parcels of an order, as the widespread shipment tracking plugins keep them: a list in one meta field.

use serde::Deserialize;
use serde_json::Value;

const META_KEY: &str = "_wc_shipment_tracking_items";

/// The longest text that is shown of a parcel, in characters.
const LONGEST: usize = 200;

/// One parcel, as far as its buyer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The carrier's name, or the plugin's word for it; may be empty.
    pub provider: String,
    pub number: String,
    /// Where it can be followed: a web address, nothing else.
    pub url: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    meta_data: Vec<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: Value,
}

/// The parcels with a number in an order as its store sent it; what cannot be read is none.
#[must_use]
pub fn parcels(raw: &str) -> Vec<Parcel> {
    let metas = serde_json::from_str::<Raw>(raw).map(|raw| raw.meta_data).unwrap_or_default();
    let kept = metas.iter().filter(|meta| meta.key == META_KEY);
    kept.filter_map(|meta| meta.value.as_array()).flatten().filter_map(parcel).collect()
}

fn parcel(item: &Value) -> Option<Parcel> {
    let text = |name: &str| -> String {
        let text = item.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        text.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
    };
    let either = |first: &str, second: &str| Some(text(first)).filter(|text| !text.is_empty()).unwrap_or(text(second));
    let number = text("tracking_number");
    let url = text("custom_tracking_link");
    (!number.is_empty()).then(|| Parcel {
        provider: either("custom_tracking_provider", "tracking_provider"),
        number,
        url: (url.starts_with("https://") || url.starts_with("http://")).then_some(url),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parcels_are_told_by_carrier_and_number_and_lead_to_the_web_only() {
        let raw = r#"{"meta_data": [{"id": 1, "key": "_other", "value": 7}, {"key": "_wc_shipment_tracking_items", "value": [
            {"tracking_provider": "", "custom_tracking_provider": "DHL", "tracking_number": " 1Z ", "custom_tracking_link": "https://t.example/1Z"},
            {"tracking_provider": "usps", "custom_tracking_provider": "", "tracking_number": "2", "custom_tracking_link": "javascript:alert(1)"},
            {"tracking_number": ""}, 7]}]}"#;
        let parcel = |provider: &str, number: &str, url: Option<&str>| Parcel {
            provider: provider.to_owned(),
            number: number.to_owned(),
            url: url.map(str::to_owned),
        };
        assert_eq!(parcels(raw), [parcel("DHL", "1Z", Some("https://t.example/1Z")), parcel("usps", "2", None)]);
    }

    #[test]
    fn what_cannot_be_read_is_no_parcel() {
        for raw in ["", "{}", "[]", r#"{"meta_data": [{"key": "_wc_shipment_tracking_items", "value": "x"}]}"#] {
            assert!(parcels(raw).is_empty(), "{raw}");
        }
    }
}
