//! Lists: their pages, filters, bounds and shapes.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, bearer, get},
    seed::{ADMIN, World},
};

/// Walks a list to its end, page by page, and answers the ids in order.
async fn walk(app: &TestApp, token: &str, path: &str, limit: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = Value::Null;
    loop {
        let after = next.as_str().map(|mark| format!("&after={mark}")).unwrap_or_default();
        let page = app.fetch(token, &format!("{path}?limit={limit}{after}")).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = page["next"].clone();
        if next.is_null() {
            return ids;
        }
        assert_eq!(items.len(), limit, "only the last page is short");
    }
}

#[actix_web::test]
async fn pages_hold_every_order_and_product_once_also_those_of_the_same_second() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let orders = world.coffee.sell(&app, 23).await;
    let products = world.coffee.stock(&app, 12).await;
    let token = app.log_in(&world.coffee.admin).await;
    for limit in [1, 4, 23, 200] {
        let mut found = walk(&app, &token, "/api/v1/orders", limit).await;
        let mut wanted: Vec<String> = orders.iter().map(ToString::to_string).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "limit {limit}");
    }
    let found = walk(&app, &token, "/api/v1/products", 5).await;
    let wanted: Vec<String> = products.iter().map(ToString::to_string).collect();
    assert_eq!(found, wanted, "products come by name");
    let admin = app.log_in(ADMIN).await;
    assert_eq!(walk(&app, &admin, "/api/v1/stores", 1).await.len(), 2);
}

#[actix_web::test]
async fn filters_narrow_and_a_filter_that_fits_nothing_is_an_empty_page() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    world.coffee.sell(&app, 12).await;
    world.outdoor.sell(&app, 3).await;
    world.coffee.stock(&app, 12).await;
    let token = app.log_in(ADMIN).await;
    let count = async |path: String| app.fetch(&token, &path).await["items"].as_array().unwrap().len();
    assert_eq!(count("/api/v1/orders".to_owned()).await, 15);
    assert_eq!(count(format!("/api/v1/orders?store={}", world.outdoor.store)).await, 3);
    assert_eq!(count("/api/v1/orders?status=processing".to_owned()).await, 15);
    assert_eq!(count("/api/v1/orders?status=completed".to_owned()).await, 0);
    assert_eq!(count("/api/v1/orders?q=AY%C5%9EE".to_owned()).await, 15);
    assert_eq!(count("/api/v1/orders?q=%25".to_owned()).await, 0, "a pattern is no pattern");
    assert_eq!(count("/api/v1/products?q=p-12".to_owned()).await, 1);
    assert_eq!(count("/api/v1/products?stock_status=outofstock".to_owned()).await, 0);
    let empty = app.fetch(&token, "/api/v1/orders?status=none").await;
    assert_eq!(empty, json!({"items": [], "next": null}));
}

#[actix_web::test]
async fn unknown_wrong_and_doubled_parameters_are_400() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let long = "x".repeat(300);
    for list in ["orders", "products", "stores", "customers", "deliveries", "dead-letters", "intents", "audit"] {
        for query in [
            "page=2",
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=x",
            "limit=",
            "after=",
            "after=%00",
            "after=AAAA",
            "limit=1&limit=2",
        ] {
            let answer = app.call(get(&format!("/api/v1/{list}?{query}")).insert_header(bearer(&token))).await;
            answer.assert_problem(400, "bad_request");
        }
    }
    for wrong in [
        "deliveries?state=lost",
        "deliveries?since=yesterday",
        "dead-letters?group=size",
        "intents?state=lost",
        "intents?entity=1",
        "audit?entity=1",
        "alerts?limit=5",
    ] {
        let answer = app.call(get(&format!("/api/v1/{wrong}")).insert_header(bearer(&token))).await;
        answer.assert_problem(400, "bad_request");
        assert!(!answer.text.contains("deserialize"), "{}", answer.text);
    }
    for query in ["store=1", "q=%00", &format!("q={long}"), "status=a%0Ab", "stock_status=instock"] {
        let answer = app.call(get(&format!("/api/v1/orders?{query}")).insert_header(bearer(&token))).await;
        answer.assert_problem(400, "bad_request");
    }
}

#[actix_web::test]
async fn an_order_is_shown_whole_in_the_agreed_shapes() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let id = world.coffee.sell(&app, 1).await[0];
    let token = app.log_in(&world.coffee.user).await;
    let order = app.fetch(&token, &format!("/api/v1/orders/{id}")).await;
    assert_eq!(order["id"], id.to_string());
    assert_eq!(order["total"], json!({"amount": "12.50", "currency": "TRY"}));
    assert_eq!(order["total_tax"], json!({"amount": "0.00", "currency": "TRY"}));
    assert_eq!(order["created_at"], "2026-03-01T12:00:00Z");
    assert_eq!(order["completed_at"], Value::Null);
    assert_eq!(order["billing"]["first_name"], "Ayşe");
    assert_eq!(order["lines"][0]["quantity"], "1");
    assert_eq!(order["lines"][0]["kind"], "line_item");
    assert_eq!(order["lines"][0]["detail"], json!({"roast": "dark"}));
    assert_eq!(order["timeline"], json!([]));
    assert_eq!(order.get("raw"), None);
    let listed = app.fetch(&token, "/api/v1/orders").await["items"][0].clone();
    for (name, value) in listed.as_object().unwrap() {
        assert_eq!(order[name], *value, "{name} differs between list and detail");
    }
}

#[actix_web::test]
async fn a_product_is_shown_with_its_stock() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let id = world.coffee.stock(&app, 3).await[2];
    let token = app.log_in(&world.coffee.user).await;
    let product = app.fetch(&token, &format!("/api/v1/products/{id}")).await;
    assert_eq!(product["stock_quantity"], "3");
    assert_eq!(product["price"], json!({"amount": "9.50", "currency": "TRY"}));
    assert_eq!(product["sale_price"], Value::Null);
    assert_eq!(product["manage_stock"], "yes");
    assert_eq!(product["variations"], json!([]));
    let status = app.status(&token, &format!("/api/v1/orders/{id}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "a product's id is no order's");
}
