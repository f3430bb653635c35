//! What the shops show has the fields, their order and their types as captured from WooCommerce 11.0.1.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use storesim::FleetConfig;

use crate::client::Lab;

pub fn capture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/captures/woocommerce-11.0.1/rest");
    std::fs::read_to_string(format!("{folder}/{name}.body")).unwrap()
}

/// Every path of a document with the types seen there; free metadata is not looked into.
fn paths(value: &Value, at: &str, seen: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    seen.entry(at.to_owned()).or_default().insert(kind);
    match value {
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{at}[]"), seen)),
        Value::Object(map) if !at.ends_with("meta_data[].value") => {
            map.iter().for_each(|(key, item)| paths(item, &format!("{at}.{key}"), seen));
        }
        _ => {}
    }
}

fn keys_below(seen: &BTreeMap<String, BTreeSet<&'static str>>, at: &str) -> BTreeSet<String> {
    let below = seen.keys().filter_map(|path| path.strip_prefix(at)?.strip_prefix('.'));
    below.filter(|rest| !rest.contains(['.', '['])).map(str::to_owned).collect()
}

/// Wherever both have an object, it has the same fields; wherever both have a value, ours is of a type theirs has.
fn compare(what: &str, theirs: &[&str], ours: &str) {
    let (mut real, mut simulated) = (BTreeMap::new(), BTreeMap::new());
    for name in theirs {
        paths(&serde_json::from_str(&capture(name)).unwrap(), "", &mut real);
    }
    paths(&serde_json::from_str(ours).unwrap(), "", &mut simulated);
    for (path, kinds) in &simulated {
        // Shops differ in which metadata and links single objects have.
        if path.contains("meta_data[].value") || path.contains("display_value") || path.contains("_links") {
            continue;
        }
        let Some(expected) = real.get(path) else { continue };
        if expected.len() == 1 && expected.contains("null") {
            continue;
        }
        let strange: Vec<_> = kinds.difference(expected).filter(|kind| **kind != "null").collect();
        assert!(strange.is_empty(), "{what}{path} has {strange:?}, captured were {expected:?}");
        if kinds.contains("object") && !path.ends_with("meta_data[].value") {
            assert_eq!(keys_below(&simulated, path), keys_below(&real, path), "{what}{path} has other fields");
        }
    }
}

/// The keys of an object in the order they were written.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Keys;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

pub fn order_of_fields(text: &str) -> Vec<String> {
    let rows: Vec<Keys> = serde_json::from_str(text).unwrap();
    rows.into_iter().next().unwrap().0
}

#[tokio::test]
async fn every_resource_has_the_captured_fields_in_the_captured_order() {
    let lab =
        Lab::start(FleetConfig { stores: 1, orders_per_store: 100, products_per_store: 30, ..FleetConfig::default() })
            .await;
    lab.rest(
        1,
        "POST",
        "webhooks",
        Some(serde_json::json!({"topic": "order.created", "delivery_url": "http://127.0.0.1:9/x"})),
    )
    .await;
    let variable = lab.get(1, "products?type=variable&per_page=1").await.ids()[0];
    let orders = ["orders-p1", "orders-p2", "order-refunds", "orders-modified-gmt"];
    let asked: [(&[&str], String); 8] = [
        (&orders, "orders?per_page=100".to_owned()),
        (&["products", "products-modified"], "products?per_page=100".to_owned()),
        (&["variations", "variations-all"], format!("products/{variable}/variations")),
        (&["variations-all", "variations"], "variations".to_owned()),
        (&["customers"], "customers".to_owned()),
        (&["coupons"], "coupons".to_owned()),
        (&["refunds-all"], "refunds".to_owned()),
        (&["webhooks"], "webhooks".to_owned()),
    ];
    for (theirs, path) in asked {
        let ours = lab.get(1, &path).await;
        assert_eq!(ours.status, 200, "{path}: {}", ours.text);
        compare(&path, theirs, &ours.text);
        assert_eq!(
            order_of_fields(&ours.text),
            order_of_fields(&capture(theirs[0])),
            "{path} has its fields in another order"
        );
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn errors_are_word_for_word_those_of_the_captures() {
    let lab = Lab::of(1).await;
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let cases = [
        ("orders-bad-date", "GET", "orders?modified_after=yesterday".to_owned(), None),
        ("orders-bad-status", "GET", "orders?status=bogus".to_owned(), None),
        ("orders-per_page-101", "GET", "orders?per_page=101".to_owned(), None),
        ("400-type", "GET", "orders?page=abc".to_owned(), None),
        ("404-route", "GET", "nosuch".to_owned(), None),
        ("order-404", "GET", "orders/99999999".to_owned(), None),
        ("product-404", "GET", "products/99999999".to_owned(), None),
        ("product-id-as-order", "GET", format!("orders/{product}"), None),
        ("400-bad-status", "PUT", format!("orders/{order}"), Some(serde_json::json!({"status": "shipped"}))),
        (
            "put-product-stock-unmanaged",
            "PUT",
            format!("products/{product}"),
            Some(serde_json::json!({"stock_quantity": "5.7"})),
        ),
        (
            "post-order-bad-email",
            "POST",
            "orders".to_owned(),
            Some(serde_json::json!({"billing": {"email": "not-an-email"}})),
        ),
        ("webhook-post-bad-topic", "POST", "webhooks".to_owned(), Some(serde_json::json!({"topic": "order.bogus"}))),
    ];
    for (name, method, path, body) in cases {
        let ours = lab.rest(1, method, &path, body).await;
        assert_eq!(ours.text, capture(name).trim_end(), "{name}");
        assert_eq!(u64::from(ours.status), ours.json()["data"]["status"].as_u64().unwrap(), "{name}");
    }
    lab.fleet.stop().await;
}
