//! The levers of `/_sim`: what happens in a shop behind the API's back.

use serde_json::{Value, json};

use crate::client::{Lab, until};
use crate::receiver::Receiver;

async fn hooked(lab: &Lab, index: usize, topics: &[&str]) -> Receiver {
    let receiver = Receiver::start().await;
    for topic in topics {
        let sent = json!({"topic": topic, "delivery_url": receiver.url(), "secret": "s"});
        assert_eq!(lab.rest(index, "POST", "webhooks", Some(sent)).await.status, 201);
    }
    receiver
}

#[tokio::test]
async fn an_import_by_sql_moves_no_date_and_tells_nobody() {
    let lab = Lab::of(2).await;
    for index in [1, 2] {
        let receiver = hooked(&lab, index, &["product.updated", "order.updated", "customer.updated"]).await;
        let product = lab.get(index, "products?per_page=1&orderby=id&order=asc").await.json()[0].clone();
        let sql =
            |kind: &str, ids: Value, fields: Value| json!({"kind": kind, "ids": ids, "fields": fields, "silent": true});
        let edit = format!("stores/{index}/edit");
        lab.pull(&edit, sql("products", json!([product["id"]]), json!({"stock_quantity": 3, "regular_price": "1"})))
            .await;
        let order = lab.get(index, "orders?per_page=1").await.json()[0].clone();
        lab.pull(&edit, sql("orders", json!([order["id"]]), json!({"customer_note": "by SQL"}))).await;
        let after = lab.get(index, &format!("products/{}", product["id"])).await.json();
        assert_eq!((&after["stock_quantity"], &after["regular_price"]), (&json!(3), &json!("1")));
        assert_eq!(after["date_modified_gmt"], product["date_modified_gmt"]);
        let shown = lab.get(index, &format!("orders/{}", order["id"])).await.json();
        assert_eq!(
            (&shown["customer_note"], &shown["date_modified_gmt"]),
            (&json!("by SQL"), &order["date_modified_gmt"])
        );
        lab.fleet.quiesce().await;
        assert!(receiver.deliveries().is_empty());
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn many_records_are_edited_in_one_second_and_told() {
    let lab = Lab::of(1).await;
    let receiver = hooked(&lab, 1, &["product.updated"]).await;
    let edited = lab.pull("stores/1/edit", json!({"kind": "products", "fields": {"low_stock_amount": 1}})).await;
    let rows = lab.truth(1, "products");
    assert_eq!(edited["edited"].as_u64().unwrap(), rows.len() as u64);
    let first = &rows[0]["date_modified_gmt"];
    assert!(rows.iter().all(|row| row["date_modified_gmt"] == *first));
    lab.fleet.quiesce().await;
    assert_eq!(receiver.deliveries().len(), rows.len());
    for wrong in [json!({"kind": "orders", "ids": [1]}), json!({"kind": "pages"})] {
        assert_eq!(lab.fleet.sim("POST", "stores/1/edit", &wrong).await.0, 404, "{wrong}");
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn records_are_trashed_restored_and_erased() {
    let lab = Lab::of(1).await;
    let receiver = hooked(&lab, 1, &["order.deleted", "order.restored", "product.deleted", "product.restored"]).await;
    let order = lab.get(1, "orders?per_page=1&status=completed").await.ids()[0];
    let product = lab.get(1, "products?per_page=1&type=simple&status=publish").await.ids()[0];
    for (kind, id, state) in [("orders", order, "completed"), ("products", product, "publish")] {
        let base = format!("stores/1/{kind}/{id}");
        assert_eq!(lab.pull(&format!("{base}/trash"), Value::Null).await["status"], "trash");
        assert_eq!(lab.fleet.sim("POST", &format!("{base}/trash"), &Value::Null).await.0, 409);
        assert_eq!(lab.pull(&format!("{base}/untrash"), Value::Null).await["status"], state);
    }
    lab.fleet.quiesce().await;
    let told: Vec<_> = receiver.deliveries().iter().map(|one| one.topic().to_owned()).collect();
    assert_eq!(told, ["order.deleted", "order.restored", "product.deleted", "product.restored"]);
    let parent = lab.get(1, "products?type=variable&per_page=1").await.json()[0].clone();
    let variation = parent["variations"][0].as_u64().unwrap();
    let customer = lab.get(1, "customers?per_page=1").await.ids()[0];
    let coupon = lab.get(1, "coupons?per_page=1").await.ids()[0];
    for (kind, id) in [
        ("orders", order),
        ("products", product),
        ("variations", variation),
        ("customers", customer),
        ("coupons", coupon),
    ] {
        let path = format!("stores/1/{kind}/{id}");
        assert_eq!(lab.fleet.sim("DELETE", &path, &Value::Null).await.0, 200, "{path}");
        assert_eq!(lab.fleet.sim("DELETE", &path, &Value::Null).await.0, 404, "{path}");
    }
    assert_eq!(lab.get(1, &format!("orders/{order}")).await.status, 404);
    lab.fleet.quiesce().await;
    assert_eq!(receiver.deliveries().len(), 4, "nobody is told");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn webhooks_are_disabled_moved_doubled_and_removed_behind_the_back() {
    let lab = Lab::of(1).await;
    let (receiver, elsewhere) = (hooked(&lab, 1, &["order.created"]).await, Receiver::start().await);
    let id = lab.get(1, "webhooks").await.ids()[0];
    let twin = lab.pull(&format!("stores/1/webhooks/{id}/duplicate"), Value::Null).await;
    assert_eq!(twin["delivery_url"], receiver.url());
    lab.fleet.buy(1, None, 1).unwrap();
    lab.fleet.quiesce().await;
    assert_eq!(receiver.deliveries().len(), 2, "both tell");
    lab.pull(&format!("stores/1/webhooks/{id}"), json!({"delivery_url": elsewhere.url()})).await;
    lab.pull(&format!("stores/1/webhooks/{}", twin["id"]), json!({"status": "disabled"})).await;
    assert!(elsewhere.all().is_empty(), "nobody is pinged");
    lab.fleet.buy(1, None, 1).unwrap();
    lab.fleet.quiesce().await;
    assert_eq!((receiver.deliveries().len(), elsewhere.deliveries().len()), (2, 1));
    assert_eq!(lab.fleet.sim("DELETE", &format!("stores/1/webhooks/{id}"), &Value::Null).await.0, 200);
    assert_eq!(lab.get(1, "webhooks?status=all").await.ids(), [twin["id"].as_u64().unwrap()]);
    assert_eq!(lab.fleet.sim("POST", "stores/1/webhooks/99/duplicate", &Value::Null).await.0, 404);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_copied_shop_tells_the_same_receiver_from_another_home() {
    let lab = Lab::of(1).await;
    let receiver = hooked(&lab, 1, &["order.created"]).await;
    let copy = lab.fleet.copy_store(1).unwrap();
    let original = lab.store(1);
    assert_eq!((copy.index, &copy.consumer_secret), (2, &original.consumer_secret));
    assert_ne!(copy.home_url, original.home_url);
    assert_eq!(lab.truth(1, "orders").len(), lab.truth(2, "orders").len());
    let sold = lab.fleet.buy(2, None, 1).unwrap();
    lab.fleet.quiesce().await;
    let got = receiver.deliveries();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].header("x-wc-webhook-source"), format!("{}/", copy.home_url));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"s");
    use base64::Engine as _;
    let signed = base64::engine::general_purpose::STANDARD.encode(aws_lc_rs::hmac::sign(&key, &got[0].body));
    assert_eq!(got[0].header("x-wc-webhook-signature"), signed, "with the secret that the original has, too");
    assert_eq!(lab.get(1, &format!("orders/{sold}")).await.status, 404, "they go separate ways");
    assert_eq!(lab.pull("stores/2/clone", Value::Null).await["index"], 3);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_storm_saves_one_order_over_and_over_until_it_is_ended() {
    let lab = Lab::of(1).await;
    let receiver = hooked(&lab, 1, &["order.updated"]).await;
    let order = lab.get(1, "orders?per_page=1").await.json()[0].clone();
    lab.pull("stores/1/storm", json!({"order_id": order["id"], "per_second": 50})).await;
    until("several deliveries of it", async || receiver.deliveries().len() >= 3).await;
    lab.pull("stores/1/storm", json!({"order_id": order["id"], "per_second": 0})).await;
    lab.fleet.quiesce().await;
    let told = receiver.deliveries();
    let mut last = told.last().unwrap().json();
    assert!(last["date_modified_gmt"].as_str() > order["date_modified_gmt"].as_str());
    let mut first = order;
    for shown in [&mut first, &mut last] {
        for name in ["date_modified", "date_modified_gmt"] {
            shown[name].take();
        }
    }
    assert_eq!(first, last, "only the date is another");
    lab.fleet.quiesce().await;
    assert_eq!(receiver.deliveries().len(), told.len(), "it is over");
    assert_eq!(lab.fleet.sim("POST", "stores/1/storm", &json!({"order_id": 1, "per_second": 5})).await.0, 400);
    lab.fleet.stop().await;
}
