//! Batches of changes: what is sent, and what each change is told to have become.

use serde_json::json;
use storewire_domain::RemoteId;
use storewire_woo::{Failure, ItemOutcome, Patch, WooError};

use crate::{
    captures,
    changes::{id, lines, patch, sent},
    server::{Reply, TestStore},
};

#[tokio::test]
async fn a_batch_tells_of_each_change_what_became_of_it() {
    let store = TestStore::start(|_| captures::rest("batch-orders").reply()).await;
    let changes = [(99_999_999, "completed"), (468, "processing"), (7, "completed")]
        .map(|(number, status)| (id(number), patch(json!({ "status": status }))));
    let outcomes = store.client("/wp-json/").update_orders(&changes).await.unwrap();
    let seen = store.requests();
    assert_eq!(lines(&seen), ["POST orders/batch"]);
    assert_eq!(sent(&seen[0])["update"][1], json!({ "status": "processing", "id": 468 }));
    let ids: Vec<&RemoteId> = outcomes.iter().map(|(id, _)| id).collect();
    assert_eq!(ids, changes.iter().map(|(id, _)| id).collect::<Vec<_>>());
    let refused = ItemOutcome::Refused { code: "woocommerce_rest_shop_order_invalid_id".to_owned(), status: Some(400) };
    assert_eq!(outcomes[0].1, refused);
    // That answer tells of 468 twice, and not at all of 7.
    assert_eq!((&outcomes[1].1, &outcomes[2].1), (&ItemOutcome::Unknown, &ItemOutcome::Unknown));
}

#[tokio::test]
async fn outcomes_go_by_id_and_never_by_place() {
    const ANSWER: &str = r#"{"update":[
        {"id":3,"name":"C","type":"simple"},
        {"id":0,"error":{"code":"woocommerce_rest_product_invalid_id","message":"x","data":{"status":400}}},
        {"id":2,"error":{"code":"product_invalid_sku","message":"x","data":{"status":400,"resource_id":7}}},
        {"id":1,"name":"A","type":"variation","parent_id":5},
        {"id":5,"total":"what is this"},
        {"id":6,"error":{"code":"internal","message":"x","data":{"status":500}}},
        "oops", null]}"#;
    let store = TestStore::start(|_| Reply::json(ANSWER)).await;
    let client = store.client("/wp-json/");
    let changes: Vec<_> = (1..=6).map(|number| (id(number), Patch::new())).collect();
    for outcomes in
        [client.update_products(&changes).await.unwrap(), client.update_variations(&id(5), &changes).await.unwrap()]
    {
        let told: Vec<String> = outcomes
            .iter()
            .map(|(id, outcome)| match outcome {
                ItemOutcome::Applied(item) => format!("{id} {}", item.value.name),
                ItemOutcome::Refused { code, status } => format!("{id} {code} {status:?}"),
                ItemOutcome::Unknown => format!("{id} ?"),
            })
            .collect();
        assert_eq!(told, ["1 A", "2 product_invalid_sku Some(400)", "3 C", "4 ?", "5 ?", "6 ?"]);
    }
    assert_eq!(lines(&store.requests()), ["POST products/batch", "POST products/5/variations/batch"]);
}

#[tokio::test]
async fn a_batch_that_cannot_be_right_is_not_sent() {
    let store = TestStore::start(|_| Reply::json("{\"update\":[]}")).await;
    let client = store.client("/wp-json/");
    let batch = |numbers: &[&str]| -> Vec<(RemoteId, Patch)> {
        numbers.iter().map(|number| (RemoteId::from(*number), Patch::new())).collect()
    };
    let too_many: Vec<String> = (1..=101).map(|number| number.to_string()).collect();
    let too_many: Vec<&str> = too_many.iter().map(String::as_str).collect();
    for (numbers, class, code) in [
        (too_many.as_slice(), Failure::TooLarge, "batch_too_large"),
        (&["1", "2", "1"], Failure::BadRequest, "doubled_id"),
        (&["1", "../2"], Failure::BadRequest, "bad_id"),
        (&["99999999999999999999"], Failure::BadRequest, "bad_id"),
    ] {
        let error: WooError = client.update_products(&batch(numbers)).await.unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (class, Some(code)));
        assert!(error.is_certainly_not_applied());
    }
    assert_eq!(client.update_products(&[]).await.unwrap(), []);
    assert!(store.requests().is_empty());
    client.update_products(&batch(&too_many[..100])).await.unwrap();
    assert_eq!(store.requests().len(), 1);
}

#[tokio::test]
async fn a_batch_that_fails_as_a_whole_is_an_error() {
    for (reply, class, is_certain) in [
        ((|| captures::rest("batch-over-100").reply()) as fn() -> Reply, Failure::TooLarge, true),
        (|| Reply::with(413, "text/html", ""), Failure::TooLarge, true),
        (|| Reply::error(401, "woocommerce_rest_cannot_batch"), Failure::AuthNotReaching, true),
        (|| Reply::json("{}"), Failure::BadJson, false),
        (|| Reply::json("[]"), Failure::BadJson, false),
        (|| Reply::json("{\"update\":7}"), Failure::BadJson, false),
        (|| Reply::with(524, "text/html", ""), Failure::Overloaded, false),
    ] {
        let store = TestStore::start(move |_| reply()).await;
        let error = store.client("/wp-json/").update_products(&[(id(1), Patch::new())]).await.unwrap_err();
        assert_eq!((error.class, error.is_certainly_not_applied()), (class, is_certain), "{error}");
        assert_eq!(store.requests().len(), 1);
    }
}
