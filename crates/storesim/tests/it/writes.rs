//! The log of writes: each once, with what it changed and which call it came by.

use serde_json::{Value, json};
use storesim::Faults;

use crate::client::Lab;

#[tokio::test]
async fn a_write_is_logged_with_what_it_changed_and_one_that_changes_nothing_as_such() {
    let lab = Lab::of(1).await;
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.json()[0].clone();
    let path = format!("products/{}", product["id"]);
    for _ in 0..2 {
        lab.rest(1, "PUT", &path, Some(json!({"stock_quantity": 4321}))).await;
    }
    lab.rest(1, "PUT", &path, Some(json!({"stock_quantity": "5.7"}))).await;
    let log: Value = lab.sim("GET", "stores/1/writes", "").await.json();
    assert_eq!(log.as_array().unwrap().len(), 2, "what was refused is no write");
    assert_eq!(
        (&log[0]["kind"], &log[0]["id"], &log[0]["verb"]),
        (&json!("product"), &product["id"], &json!("update"))
    );
    assert_eq!(log[0]["changed"], json!({"stock_quantity": {"from": product["stock_quantity"], "to": 4321}}));
    assert_eq!((&log[0]["effective"], &log[1]["effective"]), (&json!(true), &json!(false)));
    let calls = lab.fleet.calls(1);
    let call = calls.iter().find(|call| log[0]["call"] == call.number).unwrap();
    assert_eq!((call.method.as_str(), call.path.as_str()), ("PUT", format!("/wp-json/wc/v3/{path}").as_str()));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn items_of_a_batch_are_logged_one_by_one_and_notes_under_their_order() {
    let lab = Lab::of(1).await;
    let ids = lab.get(1, "orders?per_page=2&status=processing").await.ids();
    let batch = json!({"update": [{"id": ids[0], "status": "completed"}, {"id": 1, "status": "completed"}, {"id": ids[1], "status": "on-hold"}]});
    lab.rest(1, "POST", "orders/batch", Some(batch)).await;
    lab.rest(1, "POST", &format!("orders/{}/notes", ids[0]), Some(json!({"note": "sent"}))).await;
    let log = lab.fleet.writes(1);
    let seen: Vec<_> = log.iter().map(|write| (write.kind, write.id, write.parent_id)).collect();
    assert_eq!(seen[..2], [("order", ids[0], 0), ("order", ids[1], 0)]);
    assert_eq!((seen[2].0, seen[2].2), ("note", ids[0]));
    assert_eq!(log[0].call, log[1].call);
    assert_eq!(log[0].changed["status"], json!({"from": "processing", "to": "completed"}));
    assert_eq!(log[2].changed["note"], json!({"from": null, "to": "sent"}));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn what_was_cut_after_it_was_done_is_in_the_log_and_what_was_cut_before_is_not() {
    let lab = Lab::of(1).await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    let path = format!("orders/{order}");
    lab.fleet.set_faults(1, Faults { cut_before_apply_part: 1.0, ..Faults::default() });
    assert!(lab.try_rest(1, "PUT", &path, Some(json!({"customer_note": "a"}))).await.is_err());
    assert!(lab.fleet.writes(1).is_empty());
    lab.fleet.set_faults(1, Faults { cut_after_apply_part: 1.0, ..Faults::default() });
    assert!(lab.try_rest(1, "PUT", &path, Some(json!({"customer_note": "b"}))).await.is_err());
    lab.fleet.set_faults(1, Faults { late_apply_ms: 100, ..Faults::default() });
    assert_eq!(lab.rest(1, "PUT", &path, Some(json!({"customer_note": "c"}))).await.status, 504);
    assert_eq!(lab.fleet.writes(1).len(), 1);
    lab.fleet.quiesce().await;
    let notes: Vec<_> = lab.fleet.writes(1).iter().map(|write| write.changed["customer_note"]["to"].clone()).collect();
    assert_eq!(notes, ["b", "c"]);
    lab.fleet.stop().await;
}
