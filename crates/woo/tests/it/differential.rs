//! Random orders and products of many simulated shops, read by our decoder and a second time by other code: K5.
//!
//! `STOREWIRE_ORDERS=100000` compares so many.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use storesim::{Fleet, FleetConfig};
use storewire_woo::decode;

use crate::oracle::{assert_order, assert_product, money};

/// Orders that every run of the tests compares.
const ORDERS: usize = 2_000;
const SHOPS: usize = 10;
const ORDERS_PER_SHOP: usize = 100;

/// Fields whose change is another state of an order, and a few whose change is none.
const TELLING: [&str; 6] =
    ["/status", "/total", "/billing/city", "/line_items/0/quantity", "/customer_note", "/date_paid_gmt"];
const SILENT: [&str; 4] = ["/cart_hash", "/version", "/date_modified_gmt", "/_links"];

/// What was compared, so that nobody believes a comparison of nothing.
#[derive(Debug, Default)]
struct Met {
    orders: usize,
    refunds: usize,
    metas: usize,
    variations: usize,
    currencies: BTreeSet<String>,
    lines: BTreeMap<&'static str, usize>,
}

#[tokio::test]
async fn k5_random_orders_of_many_shops_are_decoded_to_what_the_shops_show() {
    let wanted = std::env::var("STOREWIRE_ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(ORDERS);
    let mut met = Met::default();
    for seed in 0.. {
        if met.orders >= wanted {
            break;
        }
        let config = FleetConfig { stores: SHOPS, seed, orders_per_store: ORDERS_PER_SHOP, ..FleetConfig::default() };
        let fleet = Fleet::start(config).await.unwrap();
        for shop in 1..=SHOPS {
            compare_orders(&fleet.truth(shop, "orders").unwrap(), &mut met);
            compare_products(&fleet.truth(shop, "products").unwrap(), &mut met);
        }
        fleet.stop().await;
    }
    println!("{met:?}");
    assert!(met.refunds * 50 > met.orders && met.metas * 5 > met.orders && met.variations > 100, "{met:?}");
    assert!(met.currencies.len() > 3 && met.lines.len() >= 4, "{met:?}");
}

fn compare_orders(list: &str, met: &mut Met) {
    for order in serde_json::from_str::<Vec<Value>>(list).unwrap() {
        let read = decode::order(order.to_string().as_bytes()).unwrap().value;
        assert_order(&read, &order);
        let hash = |order: &Value| decode::order(order.to_string().as_bytes()).unwrap().value.canonical();
        let (before, other) = (read.canonical(), altered(&order, TELLING[met.orders % TELLING.len()]));
        assert!(other.is_none_or(|other| hash(&other).as_bytes() != before.as_bytes()), "{order}");
        let same = altered(&order, SILENT[met.orders % SILENT.len()]).unwrap();
        assert_eq!(hash(&same).as_bytes(), before.as_bytes(), "{order}");
        met.orders += 1;
        met.refunds += read.refunds.len();
        met.metas += usize::from(order["meta_data"].as_array().is_some_and(|meta| !meta.is_empty()));
        met.currencies.insert(read.currency.clone());
        for line in &read.lines {
            *met.lines.entry(line.kind.as_str()).or_default() += 1;
        }
    }
}

fn compare_products(list: &str, met: &mut Met) {
    for product in serde_json::from_str::<Vec<Value>>(list).unwrap() {
        let read = decode::product(product.to_string().as_bytes()).unwrap().value;
        assert_product(&read, &product);
        met.variations += usize::from(read.parent_remote_id.is_some()) + read.variation_ids.len();
    }
}

/// The order with another value at a place, if it has that place.
fn altered(order: &Value, place: &str) -> Option<Value> {
    let mut other = order.clone();
    let value = other.pointer_mut(place)?;
    *value = match value.take() {
        Value::String(text) if place == "/total" => {
            json!((money(&json!(text)) + rust_decimal::Decimal::ONE).to_string())
        }
        Value::String(_) if place.starts_with("/date") => json!("2001-02-03T04:05:06"),
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_i64()? + 1),
        Value::Null if place.starts_with("/date") => json!("2001-02-03T04:05:06"),
        _ => Value::Null,
    };
    Some(other)
}
