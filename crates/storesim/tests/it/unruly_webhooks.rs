//! Deliveries that lie, come late, come twice or come from elsewhere, and the rules of signing and counting.

use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use storesim::{Damage, Faults};

use crate::client::{Lab, until};
use crate::receiver::{Received, Receiver};

async fn subscribed(lab: &Lab, index: usize, topic: &str) -> (Receiver, u64) {
    let receiver = Receiver::start().await;
    let sent = json!({"topic": topic, "delivery_url": receiver.url(), "secret": "old"});
    let made = lab.rest(index, "POST", "webhooks", Some(sent)).await.json();
    (receiver, made["id"].as_u64().unwrap())
}

async fn note(lab: &Lab, order: u64, text: &str) {
    lab.rest(1, "PUT", &format!("orders/{order}"), Some(json!({ "customer_note": text }))).await;
}

fn is_signed_with(delivery: &Received, secret: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    delivery.header("x-wc-webhook-signature") == STANDARD.encode(hmac::sign(&key, &delivery.body))
}

#[tokio::test]
async fn an_old_state_comes_again_signed() {
    let lab = Lab::of(1).await;
    let (receiver, _) = subscribed(&lab, 1, "order.updated").await;
    lab.fleet.set_faults(1, Faults { stale_webhooks: 1.0, ..Faults::default() });
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    for text in ["first", "second"] {
        note(&lab, order, text).await;
        lab.fleet.quiesce().await;
    }
    let notes: Vec<_> = receiver.deliveries().iter().map(|one| one.json()["customer_note"].clone()).collect();
    assert_eq!(notes, ["first", "second", "first"]);
    assert!(receiver.deliveries().iter().all(|one| is_signed_with(one, "old")));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn swapped_deliveries_bring_the_older_build_last() {
    let lab = Lab::of(1).await;
    let (receiver, _) = subscribed(&lab, 1, "order.updated").await;
    let ids = lab.get(1, "orders?per_page=2").await.ids();
    lab.fleet.set_faults(1, Faults { swap_webhooks: 1.0, ..Faults::default() });
    note(&lab, ids[0], "a").await;
    note(&lab, ids[1], "b").await;
    lab.fleet.quiesce().await;
    let told: Vec<_> = receiver.deliveries().iter().map(|one| one.json()["id"].as_u64().unwrap()).collect();
    assert_eq!(told, [ids[1], ids[0]]);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn deliveries_can_tell_errors_damage_or_another_home_and_come_late() {
    let lab = Lab::of(1).await;
    let (receiver, _) = subscribed(&lab, 1, "order.updated").await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    lab.fleet.set_faults(1, Faults { error_object_webhooks: 1.0, ..Faults::default() });
    note(&lab, order, "a").await;
    lab.fleet.quiesce().await;
    let faults = Faults {
        undecodable_records: [(order, Damage::Amount)].into(),
        source_override: Some("https://staging.example/shop".to_owned()),
        delay_webhooks_ms: 400,
        ..Faults::default()
    };
    lab.fleet.set_faults(1, faults);
    let begun = Instant::now();
    note(&lab, order, "b").await;
    lab.fleet.quiesce().await;
    assert!(begun.elapsed() >= Duration::from_millis(400));
    let got = receiver.deliveries();
    assert_eq!(got[0].json()["code"], "woocommerce_rest_cannot_view");
    assert!(is_signed_with(&got[0], "old"));
    assert_eq!(got[0].header("x-wc-webhook-source"), format!("{}/", lab.store(1).home_url));
    assert_eq!(
        (&got[1].json()["total"], got[1].header("x-wc-webhook-source")),
        (&json!({}), "https://staging.example/shop/")
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn what_waits_is_signed_with_the_secret_of_its_delivery() {
    let lab = Lab::of(1).await;
    let (receiver, hook) = subscribed(&lab, 1, "order.updated").await;
    let ids = lab.get(1, "orders?per_page=2").await.ids();
    let gate = receiver.gate.clone().lock_owned().await;
    note(&lab, ids[0], "under way").await;
    until("the first delivery", async || receiver.deliveries().len() == 1).await;
    note(&lab, ids[1], "waiting").await;
    let path = format!("webhooks/{hook}");
    lab.rest(1, "PUT", &path, Some(json!({"secret": "new", "status": "paused"}))).await;
    drop(gate);
    lab.fleet.quiesce().await;
    let got = receiver.deliveries();
    assert_eq!(got.len(), 2, "what was queued before the pause still comes");
    assert!(is_signed_with(&got[0], "old") && is_signed_with(&got[1], "new"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn one_success_clears_the_count_of_failures() {
    let lab = Lab::of(1).await;
    let (receiver, hook) = subscribed(&lab, 1, "order.updated").await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let statuses: Vec<u16> = [vec![500; 6], vec![204], vec![500; 6]].concat();
    receiver.will_answer(statuses.clone());
    for turn in 0..statuses.len() {
        note(&lab, order, &turn.to_string()).await;
        lab.fleet.quiesce().await;
    }
    let status = async || lab.get(1, &format!("webhooks/{hook}")).await.json()["status"].clone();
    assert_eq!(status().await, "active", "twelve failures, but never seven in a row");
    receiver.will_answer([500]);
    note(&lab, order, "the last").await;
    lab.fleet.quiesce().await;
    assert_eq!(status().await, "disabled");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_new_address_is_pinged_and_a_reactivation_is_not() {
    let lab = Lab::of(1).await;
    let (receiver, hook) = subscribed(&lab, 1, "order.updated").await;
    let elsewhere = Receiver::start().await;
    let path = format!("webhooks/{hook}");
    lab.rest(1, "PUT", &path, Some(json!({"status": "active"}))).await;
    lab.rest(1, "PUT", &path, Some(json!({"delivery_url": elsewhere.url()}))).await;
    lab.rest(1, "PUT", &path, Some(json!({"delivery_url": elsewhere.url()}))).await;
    assert_eq!((receiver.all().len(), elsewhere.all().len()), (1, 1));
    assert_eq!(elsewhere.all()[0].body, format!("webhook_id={hook}"));
    lab.fleet.stop().await;
}
