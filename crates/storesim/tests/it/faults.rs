//! The fault switches, from outside.

use serde_json::json;

use crate::client::Lab;
use crate::receiver::Receiver;

#[tokio::test]
async fn a_shop_can_be_down_throttled_or_serve_a_page_and_the_others_do_not_notice() {
    let lab = Lab::of(2).await;
    let cases =
        [(r#"{"down":true}"#, 503), (r#"{"status_429":{"retry_after":3}}"#, 429), (r#"{"html_200":true}"#, 200)];
    for (switches, status) in cases {
        assert_eq!(lab.sim("POST", "stores/1/faults", switches).await.status, 200);
        let struck = lab.get(1, "orders").await;
        assert_eq!((struck.status, struck.header("content-type")), (status, "text/html; charset=UTF-8"), "{switches}");
        assert_eq!(lab.get(2, "orders").await.header("content-type"), "application/json; charset=UTF-8");
    }
    assert_eq!(lab.sim("POST", "stores/1/faults", r#"{"nonsense":1}"#).await.status, 400);
    lab.sim("POST", "stores/1/faults", "{}").await;
    assert_eq!(lab.get(1, "orders").await.status, 200);
    let calls = lab.sim("GET", "stores/1/calls", "").await.json();
    assert_eq!(calls["counts"]["calls_by_status"], json!({"200": 2, "429": 1, "503": 1}));
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
