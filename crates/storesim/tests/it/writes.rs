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

#[tokio::test]
async fn an_order_is_made_whole_by_rest_and_a_crash_in_the_middle_leaves_a_draft_that_no_list_shows() {
    let lab = Lab::of(1).await;
    let product = lab.get(1, "products?per_page=1&type=simple").await.json()[0]["id"].clone();
    let address = json!({"first_name": "Ada", "address_1": "Rose Lane 1", "address_2": "Flat 2", "city": "Izmir",
        "state": "TR35", "postcode": "35000", "country": "TR", "company": "Tea", "phone": "1", "last_name": "Bo"});
    let order = json!({"status": "on-hold", "billing": address, "shipping": address, "customer_note": "Ring",
        "line_items": [{"product_id": product, "quantity": 2}], "meta_data": [{"key": "_mark", "value": "7"}]});
    let made = lab.rest(1, "POST", "orders", Some(order.clone())).await;
    let shown = made.json();
    assert_eq!(made.status, 201, "{shown}");
    assert_eq!((&shown["status"], &shown["line_items"][0]["quantity"]), (&json!("on-hold"), &json!(2)));
    for place in ["billing", "shipping"] {
        for (part, value) in address.as_object().unwrap() {
            assert_eq!(&shown[place][part], value, "{place} {part}");
        }
    }
    assert_eq!((&shown["meta_data"][0]["value"], &shown["customer_note"]), (&json!("7"), &json!("Ring")));

    lab.fleet.set_faults(1, Faults { leave_drafts: true, ..Faults::default() });
    assert_eq!(lab.rest(1, "POST", "orders", Some(order)).await.status, 500);
    lab.fleet.set_faults(1, Faults::default());
    assert_eq!(lab.fleet.writes(1).len(), 1, "what was never placed is no order");
    let drafts = lab.truth(1, "orders").into_iter().filter(|order| order["status"] == "checkout-draft").count();
    assert_eq!(drafts, 1);
    let listed = lab.get(1, "orders?per_page=100").await.json();
    assert!(listed.as_array().unwrap().iter().all(|order| order["status"] != "checkout-draft"));
    lab.fleet.stop().await;
}
