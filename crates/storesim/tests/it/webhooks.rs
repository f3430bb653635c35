//! Webhooks: pings, signatures, order, coalescing, failures and false reports.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use storesim::FleetConfig;

use crate::client::{Lab, until};
use crate::receiver::{Received, Receiver};

const SECRET: &str = "whsec_test";

async fn subscribed(lab: &Lab, index: usize, topics: &[&str]) -> (Receiver, Vec<u64>) {
    let receiver = Receiver::start().await;
    let mut ids = Vec::new();
    for topic in topics {
        let sent = json!({"name": topic, "topic": topic, "delivery_url": receiver.url(), "secret": SECRET});
        let answer = lab.rest(index, "POST", "webhooks", Some(sent)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        ids.push(answer.json()["id"].as_u64().unwrap());
    }
    (receiver, ids)
}

async fn settle(lab: &Lab) {
    lab.fleet.quiesce().await;
}

fn topics(received: &[Received]) -> Vec<(&str, u64)> {
    received.iter().map(|one| (one.topic(), one.json()["id"].as_u64().unwrap_or(0))).collect()
}

#[tokio::test]
async fn creating_a_webhook_sends_an_unsigned_ping_whose_failure_is_ignored() {
    let lab = Lab::of(1).await;
    let (receiver, ids) = subscribed(&lab, 1, &["order.created"]).await;
    let ping = receiver.all().remove(0);
    assert_eq!(ping.body, format!("webhook_id={}", ids[0]));
    assert_eq!(ping.header("content-type"), "application/x-www-form-urlencoded");
    assert!(ping.headers.keys().all(|name| !name.as_str().starts_with("x-wc")));
    receiver.will_answer([500]);
    let sent = json!({"topic": "order.updated", "delivery_url": receiver.url()});
    let answer = lab.rest(1, "POST", "webhooks", Some(sent)).await;
    assert_eq!(
        (answer.status, answer.json()["secret"].is_null(), answer.json()["status"].as_str()),
        (201, true, Some("active"))
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_delivery_is_signed_and_dressed_as_captured() {
    let lab = Lab::of(1).await;
    let (receiver, ids) = subscribed(&lab, 1, &["order.created"]).await;
    let order = lab.fleet.buy(1, None, 1).unwrap();
    settle(&lab).await;
    let got = receiver.deliveries().remove(0);
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    assert_eq!(got.header("x-wc-webhook-signature"), STANDARD.encode(hmac::sign(&key, &got.body)));
    let expected = [
        ("content-type", "application/json".to_owned()),
        ("user-agent", "WooCommerce/11.0.1 Hookshot (WordPress/7.1)".to_owned()),
        ("x-wc-webhook-source", format!("{}/", lab.store(1).home_url)),
        ("x-wc-webhook-topic", "order.created".to_owned()),
        ("x-wc-webhook-resource", "order".to_owned()),
        ("x-wc-webhook-event", "created".to_owned()),
        ("x-wc-webhook-id", ids[0].to_string()),
        ("connection", "close".to_owned()),
    ];
    for (name, value) in expected {
        assert_eq!(got.header(name), value, "{name}");
    }
    let body = String::from_utf8(got.body.to_vec()).unwrap();
    assert!(body.is_ascii() && body.contains("https:\\/\\/"), "PHP's escapes");
    assert_eq!(body, lab.get(1, &format!("orders/{order}")).await.text, "the same bytes as REST");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_checkout_tells_the_update_before_the_creation_with_the_same_bytes() {
    let lab = Lab::of(2).await;
    for (index, first, second) in [(1, "order.updated", "order.created"), (2, "order.created", "order.updated")] {
        let (receiver, _) = subscribed(&lab, index, &["order.created", "order.updated", "product.updated"]).await;
        let product = lab.get(index, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
        let order = lab.fleet.buy(index, Some(product), 1).unwrap();
        settle(&lab).await;
        let got = receiver.deliveries();
        assert_eq!(topics(&got), [(first, order), (second, order), ("product.updated", product)], "store {index}");
        assert_eq!(got[0].body, got[1].body);
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn what_waits_is_told_once_and_as_it_is_when_its_turn_comes() {
    let lab = Lab::of(1).await;
    let (receiver, _) = subscribed(&lab, 1, &["order.updated"]).await;
    let ids = lab.get(1, "orders?per_page=2&status=processing").await.ids();
    let gate = receiver.gate.clone().lock_owned().await;
    lab.rest(1, "PUT", &format!("orders/{}", ids[0]), Some(json!({"customer_note": "first"}))).await;
    until("the delivery under way", async || receiver.deliveries().len() == 1).await;
    for note in ["one", "two", "three"] {
        lab.rest(1, "PUT", &format!("orders/{}", ids[0]), Some(json!({"customer_note": note}))).await;
        lab.rest(1, "PUT", &format!("orders/{}", ids[1]), Some(json!({"customer_note": note}))).await;
    }
    assert_eq!(receiver.deliveries().len(), 1, "one at a time");
    drop(gate);
    settle(&lab).await;
    let got = receiver.deliveries();
    assert_eq!(topics(&got), [("order.updated", ids[0]), ("order.updated", ids[0]), ("order.updated", ids[1])]);
    assert_eq!(
        (got[1].json()["customer_note"].as_str(), got[2].json()["customer_note"].as_str()),
        (Some("three"), Some("three"))
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn the_seventh_failure_disables_silently_and_nothing_is_ever_repeated() {
    let lab = Lab::of(1).await;
    let (receiver, hooks) = subscribed(&lab, 1, &["order.updated"]).await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let status =
        async || lab.get(1, &format!("webhooks/{}", hooks[0])).await.json()["status"].as_str().unwrap().to_owned();
    receiver.will_answer([302, 500, 500, 500, 500, 500, 500, 500]);
    for turn in 1..=8 {
        assert_eq!(status().await, "active", "before delivery {turn}");
        lab.rest(1, "PUT", &format!("orders/{order}"), Some(json!({"customer_note": turn.to_string()}))).await;
        settle(&lab).await;
        assert_eq!(receiver.deliveries().len(), turn, "one attempt each; a redirect is not followed");
    }
    assert_eq!(status().await, "disabled");
    lab.rest(1, "PUT", &format!("orders/{order}"), Some(json!({"customer_note": "unheard"}))).await;
    settle(&lab).await;
    assert_eq!(receiver.deliveries().len(), 8);
    receiver.will_answer([503]);
    lab.rest(1, "PUT", &format!("webhooks/{}", hooks[0]), Some(json!({"status": "active"}))).await;
    lab.rest(1, "PUT", &format!("orders/{order}"), Some(json!({}))).await;
    settle(&lab).await;
    assert_eq!(status().await, "disabled", "a re-activated webhook is disabled by one more failure");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn trash_is_told_as_deletion_with_wordpress_false_reports() {
    let lab = Lab::of(2).await;
    let all = ["order.deleted", "product.deleted", "coupon.deleted", "order.updated"];
    let (hpos, _) = subscribed(&lab, 1, &all).await;
    let (posts, _) = subscribed(&lab, 2, &all).await;
    let product = lab.get(1, "products?per_page=1&type=simple").await.ids()[0];
    lab.rest(1, "DELETE", &format!("products/{product}"), None).await;
    let first = lab.get(1, "orders?per_page=1").await.ids()[0];
    lab.rest(1, "DELETE", &format!("orders/{first}"), None).await;
    let second = lab.get(2, "orders?per_page=1").await.ids()[0];
    lab.rest(2, "DELETE", &format!("orders/{second}"), None).await;
    settle(&lab).await;
    assert_eq!(
        topics(&hpos.deliveries()),
        [("product.deleted", product), ("coupon.deleted", product), ("order.deleted", first)]
    );
    assert_eq!(
        topics(&posts.deliveries()),
        [("order.deleted", second), ("product.deleted", second), ("coupon.deleted", second)]
    );
    assert_eq!(posts.deliveries()[1].body, format!("{{\"id\":{second}}}"));

    // Out of the trash by PUT: silence on HPOS, an update on posts. For good: silence on both.
    lab.rest(1, "PUT", &format!("orders/{first}"), Some(json!({"status": "processing"}))).await;
    lab.rest(2, "PUT", &format!("orders/{second}"), Some(json!({"status": "processing"}))).await;
    settle(&lab).await;
    lab.rest(1, "DELETE", &format!("orders/{first}?force=true"), None).await;
    lab.rest(2, "DELETE", &format!("orders/{second}?force=true"), None).await;
    settle(&lab).await;
    assert_eq!((hpos.deliveries().len(), posts.deliveries().len()), (3, 4));
    assert_eq!(posts.deliveries()[3].topic(), "order.updated");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn what_is_gone_when_its_turn_comes_is_told_as_a_signed_error() {
    let lab = Lab::of(1).await;
    let (receiver, _) = subscribed(&lab, 1, &["order.updated"]).await;
    let ids = lab.get(1, "orders?per_page=2").await.ids();
    let gate = receiver.gate.clone().lock_owned().await;
    lab.rest(1, "PUT", &format!("orders/{}", ids[0]), Some(json!({}))).await;
    lab.rest(1, "PUT", &format!("orders/{}", ids[1]), Some(json!({}))).await;
    lab.rest(1, "DELETE", &format!("orders/{}?force=true", ids[1]), None).await;
    drop(gate);
    settle(&lab).await;
    let body = receiver.deliveries().pop().unwrap().body;
    assert_eq!(
        body,
        r#"{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}"#
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_variation_is_told_as_a_product_and_cron_waits_for_its_tick() {
    let delivery = storesim::DeliveryMode::Cron(std::time::Duration::from_secs(1));
    let lab = Lab::start(FleetConfig { stores: 1, delivery, ..FleetConfig::default() }).await;
    let (receiver, _) = subscribed(&lab, 1, &["product.updated"]).await;
    let parent = lab.get(1, "products?type=variable&per_page=1").await.ids()[0];
    let variation = lab.get(1, &format!("products/{parent}/variations?per_page=1")).await.ids()[0];
    lab.rest(1, "PUT", &format!("products/{parent}/variations/{variation}"), Some(json!({"regular_price": "5"}))).await;
    settle(&lab).await;
    let told = receiver.deliveries().remove(0).json();
    assert_eq!(
        (told["type"].as_str(), told["parent_id"].as_u64(), told["id"].as_u64()),
        (Some("variation"), Some(parent), Some(variation))
    );
    let noted: Value = lab.sim("GET", "stores/1/deliveries", "").await.json();
    assert_eq!(
        (noted[0]["topic"].as_str(), noted[0]["status"].as_u64(), noted[0]["resource_id"].as_u64()),
        (Some("product.updated"), Some(200), Some(variation))
    );
    let print = hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &receiver.deliveries()[0].body));
    assert_eq!(noted[0]["body_sha256"], print);
    lab.fleet.stop().await;
}
