//! Writing: what moves dates, what batches let through, stock and refunds.

use serde_json::{Value, json};
use storesim::FleetConfig;

use crate::client::{Lab, until};

async fn lab() -> Lab {
    Lab::start(FleetConfig { stores: 2, ..FleetConfig::default() }).await
}

/// An order that was modified before this second.
async fn an_old_order(lab: &Lab, index: usize) -> Value {
    lab.get(index, "orders?per_page=1&status=processing&orderby=date&order=asc").await.json()[0].clone()
}

#[tokio::test]
async fn every_put_moves_the_date_on_hpos_and_only_real_changes_on_posts() {
    let lab = lab().await;
    for (index, moves) in [(1, true), (2, false)] {
        let before = an_old_order(&lab, index).await;
        let path = format!("orders/{}", before["id"]);
        let after = lab.rest(index, "PUT", &path, Some(json!({"status": "processing"}))).await.json();
        assert_eq!(after["date_modified_gmt"] != before["date_modified_gmt"], moves, "store {index}");
        let moved = lab.rest(index, "PUT", &path, Some(json!({"status": "completed"}))).await.json();
        assert_ne!(moved["date_modified_gmt"], before["date_modified_gmt"], "store {index}");
        assert!(moved["date_completed"].is_string());
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_sale_takes_stock_from_the_variation_and_moves_its_parent_too() {
    let lab = lab().await;
    let parent = lab.get(1, "products?type=variable&status=publish&per_page=1").await.json()[0].clone();
    let path = format!("products/{}/variations", parent["id"]);
    let rows = lab.get(1, &path).await.json();
    let variation = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["manage_stock"] == true && one["stock_quantity"].as_i64() > Some(0))
        .unwrap();
    let id = variation["id"].as_u64().unwrap();
    let order = lab
        .sim(
            "POST",
            "stores/1/buy",
            &json!({"product_id": parent["id"], "variation_id": id, "quantity": 2}).to_string(),
        )
        .await
        .json();
    assert_eq!(
        (order["line_items"][0]["variation_id"].as_u64(), order["line_items"][0]["quantity"].as_i64()),
        (Some(id), Some(2))
    );
    let after = lab.get(1, &format!("{path}/{id}")).await.json();
    assert_eq!(after["stock_quantity"].as_i64().unwrap(), variation["stock_quantity"].as_i64().unwrap() - 2);
    let parent_after = lab.get(1, &format!("products/{}", parent["id"])).await.json();
    assert_ne!(parent_after["date_modified_gmt"], parent["date_modified_gmt"]);
    lab.sim("POST", &format!("stores/1/orders/{}/status", order["id"]), r#"{"status":"cancelled"}"#).await;
    assert_eq!(
        lab.get(1, &format!("{path}/{id}")).await.json()["stock_quantity"],
        variation["stock_quantity"],
        "cancelling gives back"
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn more_than_there_is_cannot_be_bought() {
    let lab = lab().await;
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.json()[0].clone();
    let too_many = json!({"product_id": product["id"], "quantity": product["stock_quantity"].as_i64().unwrap() + 1});
    assert_eq!(lab.sim("POST", "stores/1/buy", &too_many.to_string()).await.status, 409);
    assert_eq!(
        lab.get(1, &format!("products/{}", product["id"])).await.json()["stock_quantity"],
        product["stock_quantity"]
    );
    lab.fleet.stop().await;
}

#[tokio::test]
async fn batches_answer_200_and_check_next_to_nothing() {
    let lab = lab().await;
    let order = an_old_order(&lab, 1).await["id"].clone();
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let batch = json!({"update": [{"id": order, "status": "bogus"}, {"id": 99_999_999, "status": "completed"}], "delete": [88_888_888]});
    let answer = lab.rest(1, "POST", "orders/batch", Some(batch)).await;
    let shown = answer.json();
    assert_eq!((answer.status, shown["update"][0]["status"].as_str()), (200, Some("pending")));
    assert_eq!(
        (
            shown["update"][1]["error"]["data"]["status"].as_u64(),
            shown["delete"][0]["error"]["data"]["status"].as_u64()
        ),
        (Some(400), Some(404))
    );
    let stock = lab
        .rest(
            1,
            "POST",
            "products/batch",
            Some(json!({"update": [{"id": product, "stock_quantity": "many", "regular_price": "abc"}]})),
        )
        .await
        .json();
    assert_eq!(
        (stock["update"][0]["stock_quantity"].as_i64(), stock["update"][0]["regular_price"].as_str()),
        (Some(0), Some(""))
    );
    let over: Vec<Value> = (0..101).map(|_| json!({"id": product})).collect();
    let refused = lab.rest(1, "POST", "products/batch", Some(json!({"update": over}))).await;
    assert_eq!((refused.status, refused.code().as_str()), (413, "woocommerce_rest_request_entity_too_large"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_refund_moves_its_order_and_cannot_exceed_it() {
    let lab = lab().await;
    let order = an_old_order(&lab, 1).await;
    let path = format!("orders/{}/refunds", order["id"]);
    let refund = lab.rest(1, "POST", &path, Some(json!({"amount": "1.00", "reason": "iade"}))).await;
    assert_eq!((refund.status, refund.json()["amount"].as_str()), (201, Some("1.00")));
    let after = lab.get(1, &format!("orders/{}", order["id"])).await.json();
    assert_eq!(after["refunds"][0]["total"], "-1.00");
    assert_ne!(after["date_modified_gmt"], order["date_modified_gmt"]);
    assert_eq!(lab.rest(1, "POST", &path, Some(json!({"amount": "999999"}))).await.status, 500);
    let rest: rust_decimal::Decimal = order["total"].as_str().unwrap().parse().unwrap();
    let rest = rest - rust_decimal::Decimal::ONE;
    assert_eq!(lab.rest(1, "POST", &path, Some(json!({"amount": rest.to_string()}))).await.status, 201);
    assert_eq!(lab.get(1, &format!("orders/{}", order["id"])).await.json()["status"], "refunded");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn traffic_changes_the_shops_and_never_oversells() {
    let lab = Lab::start(FleetConfig { stores: 2, rate: 2000.0, orders_per_store: 5, ..FleetConfig::default() }).await;
    let count = async || lab.get(1, "orders?per_page=1").await.header("x-wp-total").parse::<u64>().unwrap();
    until("200 orders", async || count().await > 200).await;
    let totals = lab.sim("POST", "quiesce", "").await.json();
    assert_eq!(totals["outstanding"], 0);
    for index in [1, 2] {
        let products: Value = serde_json::from_str(&lab.fleet.truth(index, "products").unwrap()).unwrap();
        assert!(
            products.as_array().unwrap().iter().all(|one| one["stock_quantity"].as_i64().unwrap_or(0) >= 0),
            "store {index} oversold"
        );
        let before = lab.fleet.truth(index, "orders").unwrap();
        assert_eq!(before, lab.fleet.truth(index, "orders").unwrap(), "quiet after quiesce");
    }
    lab.fleet.stop().await;
}
