//! Bodies that are almost right: nothing panics, and what cannot be read is told.

use std::sync::LazyLock;

use proptest::{prelude::*, sample::Index};
use storewire_woo::{Delivered, decode, delivery};

use crate::captures;

static BODIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let hooks = captures::names("webhooks").into_iter().map(|name| captures::body("webhooks", &name));
    let rest = ["order-one", "put-product-stock", "order-refund-list", "coupons", "customers"];
    hooks.chain(rest.into_iter().map(|name| captures::body("rest", name))).filter(|body| body.len() > 20).collect()
});

/// Values that have broken readers before.
const NASTY: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999999",
    "-0.0",
    "99999999999999999999999999999999999999",
    "\"\"",
    "\"abc\"",
    "\"12abc\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"0000-00-00T00:00:00\"",
    "\"-999999999-01-01T00:00:00\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "{\"0\":1}",
    "[null]",
    "[{}]",
    "\"-1.5\"",
    "1.7976931348623157e308",
    "\"9999-12-31T23:59:59\"",
    "\"ﬀ\"",
];

fn read_everything(body: &[u8]) {
    for resource in ["order", "product", "customer", "coupon", "action"] {
        match delivery(resource, body) {
            Ok(Delivered::Order(item)) => drop(item.value.canonical()),
            Ok(Delivered::Product(item)) => drop(item.value.canonical()),
            Ok(Delivered::Customer(item)) => drop(item.value.canonical()),
            Ok(Delivered::Coupon(item)) => drop(item.value.canonical()),
            Ok(_) => {}
            Err(poison) => assert!(!poison.reason.is_empty() && !poison.raw.contains('\0')),
        }
    }
    let _ = decode::refunds(body);
    let _ = decode::Decoder::default().glance(body);
    let _ = decode::Decoder::default().note(body);
}

/// Where the scalar values of a JSON text stand.
fn values(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("\":") {
        let start = at + 2;
        let rest = &text[start..];
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<&serde_json::value::RawValue>();
        if let Some(Ok(_)) = stream.next() {
            found.push(start..start + stream.byte_offset());
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn k1_flipped_cut_and_doubled_bytes_do_no_harm(which: Index, edits in prop::collection::vec((any::<Index>(), any::<u8>(), 0..4u8), 1..12)) {
        let mut body = which.get(&BODIES).clone();
        for (at, byte, kind) in edits {
            if body.is_empty() { break; }
            let at = at.index(body.len());
            match kind {
                0 => body[at] = byte,
                1 => body.truncate(at),
                2 => body.insert(at, byte),
                _ => { body.remove(at); }
            }
        }
        read_everything(&body);
    }

    #[test]
    fn k1_nasty_values_in_any_place_do_no_harm(which: Index, edits in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6)) {
        let mut text = String::from_utf8(which.get(&BODIES).clone()).unwrap();
        for (place, value) in edits {
            let places = values(&text);
            if places.is_empty() { break; }
            text.replace_range(place.get(&places).clone(), NASTY[value.index(NASTY.len())]);
        }
        prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok());
        read_everything(text.as_bytes());
    }

    #[test]
    fn k1_any_bytes_do_no_harm(body: Vec<u8>) {
        read_everything(&body);
    }
}

#[test]
fn k1_the_classics_of_broken_json_are_poison_or_survive() {
    let order = |part: &str| format!(r#"{{"id":7,"status":"processing","currency":"TRY","total":"1.00",{part}}}"#);
    for (part, survives) in [
        (r#""number":"\u0000""#.to_owned(), true),
        (r#""customer_note":"\ud83d""#.to_owned(), true),
        (r#""customer_note":"a","customer_note":"b""#.to_owned(), true),
        (format!(r#""x":{}{}"#, "[".repeat(10_000), "]".repeat(10_000)), true),
        (format!(r#""customer_note":"{}""#, "a".repeat(1 << 20)), true),
        (r#""line_items":{"0":{"id":1,"total":"1"},"4":{"id":2,"total":"2"}}"#.to_owned(), true),
        (r#""line_items":[{"id":1,"price":1.7e308,"total":5,"quantity":"2.5"}]"#.to_owned(), true),
        (r#""line_items":"","tax_lines":false,"refunds":null,"billing":[]"#.to_owned(), true),
        (r#""date_modified_gmt":{"date":"x"},"customer_id":"0""#.to_owned(), true),
        (r#""total_tax":1e999999"#.to_owned(), false),
        (r#""total_tax":"1,50""#.to_owned(), false),
        (r#""total_tax":99999999999999999999999999999999"#.to_owned(), false),
        (r#""line_items":[{"total":"1"}]"#.to_owned(), false),
        (r#""line_items":7"#.to_owned(), false),
        (r#""line_items":[7]"#.to_owned(), false),
        (r#""customer_id":"12abc""#.to_owned(), false),
        (r#""total":null,"currency":"₺""#.to_owned(), false),
    ] {
        let body = order(&part);
        let shown: String = part.chars().take(80).collect();
        assert_eq!(decode::order(body.as_bytes()).is_ok(), survives, "{shown}");
    }
    let utf16: Vec<u8> = order(r#""x":1"#).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(decode::order(&utf16).is_err());
}

#[test]
fn a_site_local_date_serves_where_the_gmt_one_is_missing() {
    let body = br#"{"id":7,"status":"x","currency":"TRY","total":"1","date_created":"2026-11-21T00:49:31"}"#;
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let decoder = decode::Decoder { zone: Some(zone) };
    assert_eq!(decoder.order(body).unwrap().value.created_at, Some("2026-11-21T05:49:31Z".parse().unwrap()));
    assert_eq!(decode::order(body).unwrap().value.created_at, None);
}

#[test]
fn meta_is_shown_as_the_store_shows_it_and_private_keys_are_not() {
    let body = br#"{"id":7,"status":"x","currency":"TRY","total":"1","line_items":[{"id":1,"total":"1","meta_data":[
        {"id":1,"key":"pa_color","value":"yesil","display_key":"Color","display_value":"Ye\u015fil"},
        {"id":2,"key":"_reduced_stock","value":"2"},
        {"id":3,"key":"engraving","value":{ "text" : "for A B", "n": 1.50 }},
        {"id":4,"key":"tag","value":"a"},{"id":5,"key":"tag","value":"b"},{"id":6,"key":"n","value":3}]}]}"#;
    let order = decode::order(body).unwrap().value;
    let detail: Vec<(&str, &str)> =
        order.lines[0].detail.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        detail,
        [("Color", "Yeşil"), ("engraving", r#"{"text":"for A B","n":1.50}"#), ("n", "3"), ("tag", "a, b")]
    );
}
