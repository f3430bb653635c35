//! Notes of orders, and the statuses that orders can have.

use serde_json::json;
use storewire_woo::{Failure, NewNote};

use crate::{
    captures,
    changes::{id, lines, sent},
    server::{Reply, TestStore},
};

#[tokio::test]
async fn notes_are_listed_and_written() {
    const MADE: &str = r#"{"id":7,"author":"system","date_created_gmt":"2026-11-21T05:49:30","note":"Shipped by hand",
        "customer_note":true}"#;
    let store = TestStore::start(|seen| match seen.method.as_str() {
        "POST" => Reply::with(201, "application/json", MADE),
        _ => captures::rest("order-notes").reply(),
    })
    .await;
    let client = store.client("/wp-json/");
    let notes = client.list_order_notes(&id(468)).await.unwrap();
    assert!(notes.len() >= 3);
    assert_eq!((notes[0].remote_id.as_str(), notes[0].author.as_str()), ("1140", "WooCommerce"));
    assert_eq!(notes[0].created_at, Some("2026-11-21T05:49:30Z".parse().unwrap()));
    assert_eq!(notes[1].text, "Order status changed from Pending payment to Processing.");
    assert!(notes.iter().all(|note| !note.for_customer));
    let wanted = NewNote { text: "Shipped by hand".to_owned(), for_customer: true };
    let made = client.create_order_note(&id(468), &wanted).await.unwrap();
    assert_eq!((made.text.as_str(), made.for_customer), ("Shipped by hand", true));
    let seen = store.requests();
    assert_eq!(lines(&seen), ["GET orders/468/notes", "POST orders/468/notes"]);
    assert_eq!(sent(&seen[1]), json!({ "note": "Shipped by hand", "customer_note": true }));
}

#[tokio::test]
async fn a_note_that_cannot_be_read_hides_no_other() {
    let store = TestStore::start(|_| Reply::json(r#"[{"id":1,"note":"a"},{"id":"2x","note":"b"}]"#)).await;
    let error = store.client("/wp-json/").list_order_notes(&id(468)).await.unwrap_err();
    assert_eq!(error.class, Failure::BadJson);
}

#[tokio::test]
async fn the_statuses_of_orders_are_those_that_the_store_describes() {
    let store = TestStore::start(|seen| match seen.method.as_str() {
        "OPTIONS" => captures::rest("options-orders").reply(),
        _ => Reply::error(500, "internal"),
    })
    .await;
    let statuses = store.client("/wp-json/").order_statuses().await.unwrap();
    assert_eq!(statuses[1..5], ["pending", "processing", "on-hold", "completed"]);
    assert_eq!(statuses.len(), 9);
}

#[tokio::test]
async fn where_a_host_answers_options_itself_the_report_tells_the_statuses() {
    for reply in [
        (|| Reply::with(204, "text/html", "")) as fn() -> Reply,
        || Reply::with(200, "text/html", ""),
        || Reply::with(405, "text/html", "<p>no</p>"),
        || Reply::json("{\"schema\":{\"properties\":{\"status\":{\"type\":\"string\"}}}}"),
    ] {
        let store = TestStore::start(move |seen| match seen.method.as_str() {
            "OPTIONS" => reply(),
            _ => captures::rest("reports-orders-totals").reply(),
        })
        .await;
        let statuses = store.client("/wp-json/").order_statuses().await.unwrap();
        assert_eq!((statuses.len(), statuses[0].as_str()), (8, "pending"));
    }
    let busy = TestStore::start(|_| Reply::with(503, "text/html", "<p>busy</p>")).await;
    assert_eq!(busy.client("/wp-json/").order_statuses().await.unwrap_err().class, Failure::Overloaded);
    assert_eq!(busy.requests().len(), 1, "a busy store is not asked twice");
}
