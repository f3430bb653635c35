//! The fault switches, from outside.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use storesim::{Damage, Faults, Redirect, Throttle};

use crate::client::{Lab, until};
use crate::receiver::Receiver;

#[tokio::test]
async fn a_shop_can_be_struck_in_many_ways_and_the_others_do_not_notice() {
    let lab = Lab::of(2).await;
    let cases = [
        (r#"{"down":true}"#, 503),
        (r#"{"status_429":{"retry_after":3}}"#, 429),
        (r#"{"status_503":{"retry_after":600}}"#, 503),
        (r#"{"status_500_part":1}"#, 500),
        (r#"{"html_200":true}"#, 200),
        (r#"{"empty_200":true}"#, 200),
        (r#"{"html_403":true}"#, 403),
        (r#"{"redirect_to":{"to":"https://new.example/shop"}}"#, 301),
    ];
    for (switches, status) in cases {
        assert_eq!(lab.sim("POST", "stores/1/faults", switches).await.status, 200);
        let struck = lab.get(1, "orders").await;
        assert_eq!((struck.status, struck.header("content-type")), (status, "text/html; charset=UTF-8"), "{switches}");
        assert_eq!(lab.get(2, "orders").await.header("content-type"), "application/json; charset=UTF-8");
    }
    for wrong in [r#"{"nonsense":1}"#, r#"{"status_500_part":2}"#, r#"{"redirect_to":{"to":"x","status":200}}"#] {
        assert_eq!(lab.sim("POST", "stores/1/faults", wrong).await.status, 400, "{wrong}");
    }
    lab.sim("POST", "stores/1/faults", "{}").await;
    assert_eq!(lab.get(1, "orders").await.status, 200);
    let calls = lab.sim("GET", "stores/1/calls", "").await.json();
    assert_eq!(
        calls["counts"]["calls_by_status"],
        json!({"200": 3, "301": 1, "403": 1, "429": 1, "500": 1, "503": 2}),
        "{calls}"
    );
    assert_eq!(calls["calls"][0]["fault"], "down");
    assert!(lab.fleet.calls(1).iter().map(|call| call.number).eq(1..=9), "calls are numbered as they come");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn switches_combine_and_can_be_changed_one_by_one() {
    let lab = Lab::of(1).await;
    lab.pull("stores/1/faults", json!({"slow_ms": 150, "bom": true})).await;
    let (status, all) = lab.fleet.sim("PATCH", "stores/1/faults", &json!({"junk_before_json": true})).await;
    assert_eq!((status, &all["slow_ms"], &all["junk_before_json"]), (200, &json!(150), &json!(true)));
    let begun = Instant::now();
    let answer = lab.get(1, "orders?per_page=1").await;
    assert!(begun.elapsed() >= Duration::from_millis(150));
    assert!(answer.text.starts_with("\u{feff}<br />") && answer.text.ends_with(']'), "{}", answer.text);
    lab.pull("stores/1/faults", json!({"truncate_json": true})).await;
    let torn = lab.get(1, "orders?per_page=1").await;
    assert!(torn.status == 200 && serde_json::from_str::<Value>(&torn.text).is_err());
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_throttle_says_when_to_come_back_in_every_form() {
    let lab = Lab::of(1).await;
    let said = async |throttle: Throttle| {
        lab.fleet.set_faults(1, Faults { status_429: Some(throttle), ..Faults::default() });
        lab.get(1, "orders").await.header("retry-after").to_owned()
    };
    let plain = Throttle::default();
    assert_eq!(said(plain).await, "");
    assert_eq!(said(Throttle { retry_after: Some(7), ..plain }).await, "7");
    assert_eq!(said(Throttle { retry_after: Some(31_536_000), ..plain }).await, "31536000");
    let date = said(Throttle { retry_date_seconds: Some(120), ..plain }).await;
    let ahead = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp().as_second() - lab.fleet.now().as_second();
    assert!((117..=121).contains(&ahead), "{date}");
    lab.fleet.set_faults(1, Faults { status_429: Some(Throttle { part: 0.5, ..plain }), ..Faults::default() });
    let mut seen = std::collections::BTreeSet::new();
    until("both answers", async || {
        seen.insert(lab.get(1, "orders?per_page=1").await.status);
        seen.len() == 2
    })
    .await;
    lab.fleet.stop().await;
}

#[tokio::test]
async fn keys_can_be_revoked_changed_limited_or_lose_their_user() {
    let lab = Lab::of(1).await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let put = format!("orders/{order}");
    let cases = [
        (json!({"status_401": true}), "GET", 401, "woocommerce_rest_cannot_view"),
        (json!({"wrong_secret": true}), "GET", 401, "woocommerce_rest_authentication_error"),
        (json!({"forbidden": true}), "GET", 403, "woocommerce_rest_cannot_view"),
        (json!({"forbidden": true}), "PUT", 403, "woocommerce_rest_cannot_edit"),
        (json!({"read_only_key": true}), "PUT", 401, "woocommerce_rest_authentication_error"),
        (json!({"no_route": true}), "GET", 404, "rest_no_route"),
    ];
    for (switches, method, status, code) in cases {
        lab.pull("stores/1/faults", switches.clone()).await;
        let answer = lab.rest(1, method, &put, (method == "PUT").then(|| json!({}))).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{switches}");
    }
    let index = lab.send(true, "GET", "/s/1/wp-json/", &[], String::new()).await.json();
    assert!(!index["namespaces"].as_array().unwrap().contains(&json!("wc/v3")), "WooCommerce is off");
    lab.pull("stores/1/faults", json!({"read_only_key": true})).await;
    assert_eq!(lab.get(1, &put).await.status, 200);
    lab.pull("stores/1/faults", json!({"webhook_status": 403})).await;
    assert_eq!((lab.get(1, "webhooks").await.status, lab.get(1, "orders").await.status), (403, 200));
    lab.pull("stores/1/faults", json!({"webhook_status": 500})).await;
    assert_eq!(lab.get(1, "webhooks").await.header("content-type"), "text/html; charset=UTF-8");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_firewall_blocks_put_and_delete_but_not_a_post_that_means_them() {
    let lab = Lab::of(1).await;
    lab.fleet.set_faults(1, Faults { block_put: true, ..Faults::default() });
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let path = format!("orders/{order}");
    for method in ["PUT", "PATCH", "DELETE"] {
        assert_eq!(lab.rest(1, method, &path, Some(json!({"customer_note": "x"}))).await.status, 501);
    }
    let store = lab.store(1);
    let keys = crate::client::basic(&store.consumer_key, &store.consumer_secret);
    let headers = [("authorization", keys.as_str()), ("x-http-method-override", "PUT")];
    let body = json!({"customer_note": "through"}).to_string();
    let meant = lab.send(true, "POST", &format!("/s/1/wp-json/wc/v3/{path}"), &headers, body).await;
    assert_eq!((meant.status, meant.json()["customer_note"].as_str()), (200, Some("through")));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_moved_shop_points_to_its_new_home() {
    let lab = Lab::of(1).await;
    for status in [301, 302] {
        let redirect = Redirect { to: "https://new.example/shop/".to_owned(), status };
        lab.fleet.set_faults(1, Faults { redirect_to: Some(redirect), ..Faults::default() });
        let answer = lab.get(1, "orders?page=2").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (status, "https://new.example/shop/wp-json/wc/v3/orders?page=2")
        );
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn broken_undecodable_and_heavy_records_spoil_the_pages_they_are_on() {
    let lab = Lab::of(1).await;
    let ids = lab.get(1, "orders?per_page=5&orderby=id&order=asc").await.ids();
    lab.fleet.set_faults(1, Faults { broken_records: [ids[2]].into(), max_page: Some(10), ..Faults::default() });
    let page = async |query: &str| lab.get(1, &format!("orders?orderby=id&order=asc&{query}")).await.status;
    assert_eq!(
        (page("per_page=5").await, page("per_page=2&page=1").await, page("per_page=2&page=2").await),
        (500, 200, 500)
    );
    assert_eq!(page("per_page=11&page=3").await, 500, "too large a page");
    assert_eq!(lab.get(1, &format!("orders/{}", ids[2])).await.status, 500);
    assert_eq!(lab.get(1, &format!("orders/{}", ids[3])).await.status, 200);

    let undecodable_records = [(ids[0], Damage::Id), (ids[1], Damage::Amount), (ids[2], Damage::Date)].into();
    lab.fleet.set_faults(1, Faults { undecodable_records, ..Faults::default() });
    let rows = lab.get(1, "orders?per_page=4&orderby=id&order=asc").await.json();
    assert_eq!(rows[0]["id"], format!("{}abc", ids[0]));
    assert_eq!((&rows[1]["total"], &rows[2]["date_modified_gmt"]), (&json!({}), &json!("yesterday")));
    assert_eq!(rows[3]["id"], ids[3]);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn an_empty_list_is_no_lie_about_single_records() {
    let lab = Lab::of(1).await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    lab.fleet.set_faults(1, Faults { empty_list: true, ..Faults::default() });
    for path in ["orders", "products", "customers", "coupons", "orders?include=1"] {
        let answer = lab.get(1, path).await;
        assert_eq!((answer.status, answer.text.as_str(), answer.header("x-wp-total")), (200, "[]", "0"), "{path}");
    }
    assert_eq!(lab.get(1, &format!("orders/{order}")).await.status, 200);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_write_can_be_cut_before_or_after_it_is_done() {
    let lab = Lab::of(1).await;
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let path = format!("products/{product}");
    let stock = async || lab.get(1, &path).await.json()["stock_quantity"].as_i64().unwrap();
    let put = async |stock: i64| lab.try_rest(1, "PUT", &path, Some(json!({ "stock_quantity": stock }))).await;
    let before = stock().await;
    lab.fleet.set_faults(1, Faults { cut_before_apply_part: 1.0, ..Faults::default() });
    assert!(put(before + 1).await.is_err());
    assert_eq!(stock().await, before, "reads pass, and nothing was done");
    lab.fleet.set_faults(1, Faults { cut_after_apply_part: 1.0, ..Faults::default() });
    assert!(put(before + 2).await.is_err());
    assert_eq!(stock().await, before + 2);
    lab.fleet.set_faults(1, Faults { crash_after_apply_part: 1.0, ..Faults::default() });
    assert_eq!(put(before + 3).await.unwrap().status, 500);
    assert_eq!(stock().await, before + 3);
    lab.fleet.set_faults(1, Faults { refuse: true, ..Faults::default() });
    assert!(lab.try_rest(1, "GET", &path, None).await.is_err());
    let faults: Vec<_> = lab.fleet.calls(1).into_iter().filter_map(|call| call.fault).collect();
    assert_eq!(faults, ["cut_before_apply_part", "cut_after_apply_part", "crash_after_apply_part", "refuse"]);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_write_can_be_done_after_the_gateway_gave_up() {
    let lab = Lab::of(1).await;
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let path = format!("products/{product}");
    lab.fleet.set_faults(1, Faults { late_apply_ms: 300, ..Faults::default() });
    let begun = Instant::now();
    assert_eq!(lab.rest(1, "PUT", &path, Some(json!({"stock_quantity": 12_345}))).await.status, 504);
    assert!(begun.elapsed() < Duration::from_millis(250), "the gateway does not wait");
    assert_ne!(lab.get(1, &path).await.json()["stock_quantity"], 12_345);
    lab.fleet.quiesce().await;
    assert_eq!(lab.get(1, &path).await.json()["stock_quantity"], 12_345);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_frozen_shop_takes_the_call_and_says_nothing() {
    let lab = Lab::of(2).await;
    lab.fleet.set_faults(1, Faults { freeze: true, ..Faults::default() });
    let silence = tokio::time::timeout(Duration::from_millis(300), lab.get(1, "orders")).await;
    assert!(silence.is_err());
    assert_eq!(lab.get(2, "orders").await.status, 200);
    assert_eq!((lab.fleet.calls(1)[0].status, lab.fleet.calls(1)[0].fault), (0, Some("freeze")));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn deliveries_can_be_lost_or_doubled() {
    let lab = Lab::of(1).await;
    let receiver = Receiver::start().await;
    lab.rest(1, "POST", "webhooks", Some(json!({"topic": "order.created", "delivery_url": receiver.url()}))).await;
    for (switches, expected) in [(r#"{"drop_webhooks":1.0}"#, 0), (r#"{"duplicate_webhooks":1.0}"#, 2)] {
        lab.sim("POST", "stores/1/faults", switches).await;
        lab.fleet.buy(1, None, 1).unwrap();
        lab.fleet.quiesce().await;
        assert_eq!(receiver.deliveries().len(), expected, "{switches}");
    }
    let totals = lab.fleet.quiesce().await;
    assert_eq!((totals.deliveries, totals.delivered, totals.dropped), (3, 2, 1));
    lab.fleet.stop().await;
}
