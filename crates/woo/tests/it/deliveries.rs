//! Every recorded webhook body, as the intake would hand it over.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use storewire_domain::DeliveryTopic;
use storewire_woo::{Delivered, delivery};

use crate::{captures, oracle::assert_order};

fn kind(delivered: &Delivered) -> &'static str {
    match delivered {
        Delivered::Order(_) => "order",
        Delivered::Product(_) => "product",
        Delivered::Customer(_) => "customer",
        Delivered::Coupon(_) => "coupon",
        Delivered::IdOnly(_) => "id",
        Delivered::ErrorObject { .. } => "error",
        Delivered::Unknown => "unknown",
    }
}

#[test]
fn every_delivery_is_decoded_and_pings_are_none() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = Decimal::ZERO;
    let index: Vec<Value> = serde_json::from_slice(&std::fs::read(index_path()).unwrap()).unwrap();
    assert_eq!(index.len(), 83);
    for entry in &index {
        let (file, topic) = (entry["file"].as_str().unwrap(), entry["topic"].as_str().unwrap());
        let body = captures::body("webhooks", file);
        if topic == "ping" {
            assert!(delivery("order", &body).is_err());
            *counts.entry("ping").or_default() += 1;
            continue;
        }
        let topic: DeliveryTopic = topic.parse().unwrap();
        let delivered = delivery(&topic.resource, &body).map_err(|poison| poison.reason).unwrap();
        let json: Value = serde_json::from_slice(&body).unwrap();
        let named = entry["resource_id"].as_u64().map(|id| id.to_string());
        let found = match &delivered {
            Delivered::Order(item) => {
                assert_order(&item.value, &json);
                total += item.value.total;
                Some(item.value.remote_id.to_string())
            }
            Delivered::Product(item) => {
                assert_eq!(item.value.parent_remote_id.is_some(), json["type"] == "variation");
                Some(item.value.remote_id.to_string())
            }
            Delivered::Customer(item) => Some(item.value.remote_id.to_string()),
            Delivered::Coupon(item) => Some(item.value.remote_id.to_string()),
            Delivered::IdOnly(id) => Some(id.to_string()),
            Delivered::ErrorObject { code, status } => {
                assert_eq!((code.as_str(), *status), ("woocommerce_rest_product_invalid_id", Some(404)));
                None
            }
            Delivered::Unknown => None,
        };
        if named.is_some() && found.is_some() {
            assert_eq!(found, named, "{file}");
        }
        *counts.entry(kind(&delivered)).or_default() += 1;
    }
    let expected =
        [("coupon", 1), ("customer", 11), ("error", 2), ("id", 8), ("order", 41), ("ping", 2), ("product", 18)];
    assert_eq!(counts, BTreeMap::from(expected));
    assert_eq!(total.to_string(), "3802.07");
}

#[test]
fn a_false_delete_is_only_an_id() {
    // The coupon topic fires for a trashed product, with the product's id.
    let delivered = delivery("coupon", &captures::body("webhooks", "0028-coupon.deleted")).unwrap();
    assert_eq!(delivered, Delivered::IdOnly(454.into()));
}

fn index_path() -> String {
    format!("{}/../testkit/captures/woocommerce-11.0.1/webhooks/index.json", env!("CARGO_MANIFEST_DIR"))
}
