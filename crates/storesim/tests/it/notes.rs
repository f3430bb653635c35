//! Notes of orders, and what leaves an order's date alone.

use serde_json::{Value, json};

use crate::captures::order_of_fields;
use crate::client::Lab;
use crate::receiver::Receiver;

#[tokio::test]
async fn notes_are_written_listed_and_deleted_and_move_nothing() {
    let lab = Lab::of(2).await;
    for index in [1, 2] {
        let receiver = Receiver::start().await;
        let hook = json!({"topic": "order.updated", "delivery_url": receiver.url()});
        lab.rest(index, "POST", "webhooks", Some(hook)).await;
        let order = lab.get(index, "orders?per_page=1&status=completed").await.json()[0].clone();
        let notes = format!("orders/{}/notes", order["id"]);
        let before = lab.get(index, &notes).await.json().as_array().unwrap().len();
        let sent = json!({"note": "Kargoda 📦", "customer_note": true});
        let made = lab.rest(index, "POST", &notes, Some(sent)).await;
        assert_eq!((made.status, made.json()["customer_note"].as_bool()), (201, Some(true)), "{}", made.text);
        let one = format!("{notes}/{}", made.json()["id"]);
        assert!(made.header("location").ends_with(&one));
        let listed = lab.get(index, &notes).await.json();
        assert_eq!((listed.as_array().unwrap().len(), &listed[0]["note"]), (before + 1, &json!("Kargoda 📦")));
        assert_eq!(lab.get(index, &format!("{notes}?type=customer")).await.ids().len(), 1);
        assert_eq!(lab.get(index, &format!("{notes}?type=internal")).await.ids().len(), before);
        assert_eq!(lab.rest(index, "DELETE", &one, None).await.status, 501);
        assert_eq!(lab.rest(index, "DELETE", &format!("{one}?force=true"), None).await.status, 200);
        assert_eq!(lab.get(index, &one).await.code(), "woocommerce_rest_invalid_id");
        let after = lab.get(index, &format!("orders/{}", order["id"])).await.json();
        assert_eq!(after["date_modified_gmt"], order["date_modified_gmt"], "store {index}");
        lab.fleet.quiesce().await;
        assert!(receiver.deliveries().is_empty(), "store {index} tells nobody");
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_note_has_the_captured_fields_and_a_change_of_state_leaves_one() {
    let lab = Lab::of(1).await;
    let order = lab.get(1, "orders?per_page=1&status=processing").await.ids()[0];
    lab.rest(1, "PUT", &format!("orders/{order}"), Some(json!({"status": "completed"}))).await;
    let notes = lab.get(1, &format!("orders/{order}/notes")).await;
    assert_eq!(notes.json()[0]["note"], "Order status changed from Processing to Completed.");
    assert_eq!(notes.json()[0]["author"], "WooCommerce");
    assert_eq!(order_of_fields(&notes.text), order_of_fields(&crate::captures::capture("order-notes")));
    let refused = lab.rest(1, "POST", &format!("orders/{order}/notes"), Some(json!({}))).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "rest_missing_callback_param"));
    assert_eq!(lab.get(1, "orders/99999999/notes").await.code(), "woocommerce_rest_order_invalid_id");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn deleting_a_refund_moves_nothing_and_is_told_to_nobody() {
    let lab = Lab::of(2).await;
    for index in [1, 2] {
        let order = lab.get(index, "orders?per_page=1&status=completed").await.ids()[0];
        let refunds = format!("orders/{order}/refunds");
        let refund = lab.rest(index, "POST", &refunds, Some(json!({"amount": "1.00"}))).await.json();
        let receiver = Receiver::start().await;
        let hook = json!({"topic": "order.updated", "delivery_url": receiver.url()});
        lab.rest(index, "POST", "webhooks", Some(hook)).await;
        // The refund itself has been told before the webhook was there.
        lab.fleet.quiesce().await;
        let before: Value = lab.get(index, &format!("orders/{order}")).await.json();
        let gone = lab.rest(index, "DELETE", &format!("{refunds}/{}?force=true", refund["id"]), None).await;
        assert_eq!(gone.status, 200);
        let after = lab.get(index, &format!("orders/{order}")).await.json();
        assert_eq!(before["date_modified_gmt"], after["date_modified_gmt"]);
        assert!(!after["refunds"].as_array().unwrap().iter().any(|one| one["id"] == refund["id"]));
        lab.fleet.quiesce().await;
        assert!(receiver.deliveries().is_empty());
    }
    lab.fleet.stop().await;
}
