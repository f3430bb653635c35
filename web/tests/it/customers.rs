//! Customers' tags and orders, and what orders and products add up to, as both sides meet it.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::{Answer, HOST, TestApp, bearer, get, peer},
    panel::{form, log_in, open},
    seed::{ADMIN, STAFF, World},
};

async fn send(app: &TestApp, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = TestRequest::default().method(method).uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
    app.call(request.insert_header(bearer(token)).set_json(body)).await
}

#[actix_web::test]
async fn staff_tag_a_customer_and_everybody_finds_it_by_its_tag_and_by_who_gave_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let ada = world.coffee.greet(&app).await;
    world.outdoor.greet(&app).await;
    let (staff, merchant) = (app.log_in(STAFF).await, app.log_in(&world.coffee.admin).await);
    let tags = format!("/api/v1/customers/{ada}/tags");
    for (tag, now) in
        [(" VIP ", json!(["vip"])), ("vip", json!(["vip"])), ("back office", json!(["back office", "vip"]))]
    {
        let answer = send(&app, &staff, Method::POST, &tags, &json!({ "tag": tag })).await;
        assert_eq!((answer.status, &answer.json()["tags"]), (StatusCode::OK, &now), "{}", answer.text);
    }
    for (tag, code) in [(" ", "empty"), ("a/b", "bad_text"), (&*"x".repeat(41), "too_long")] {
        send(&app, &staff, Method::POST, &tags, &json!({ "tag": tag })).await.assert_problem(422, code);
    }
    let shown = app.fetch(&merchant, &format!("/api/v1/customers/{ada}")).await;
    assert_eq!(shown["tags"], json!(["back office", "vip"]));
    let entry = &shown["timeline"][0];
    assert_eq!((&entry["kind"], &entry["changed"]["tag"]), (&json!("customer.changed"), &json!([null, "back office"])));
    assert_eq!(entry["by"], Value::Null, "a merchant cannot look staff up");
    let shown = app.fetch(&staff, &format!("/api/v1/customers/{ada}")).await;
    assert_eq!(shown["timeline"][0]["by"], "A Person");
    assert_eq!(shown["timeline"].as_array().unwrap().len(), 2, "a tag that was there is no deed");

    let count = async |query: &str| {
        app.fetch(&staff, &format!("/api/v1/customers{query}")).await["items"].as_array().unwrap().len()
    };
    assert_eq!(
        (count("").await, count("?tag=VIP").await, count("?tag=back%20office").await, count("?tag=x").await),
        (2, 1, 1, 0)
    );
    let off = send(&app, &staff, Method::DELETE, &format!("{tags}/back%20office"), &json!({})).await;
    assert_eq!(off.json()["tags"], json!(["vip"]), "{}", off.text);
    for number in 1..20 {
        send(&app, &staff, Method::POST, &tags, &json!({ "tag": format!("t{number}") })).await;
    }
    send(&app, &staff, Method::POST, &tags, &json!({"tag": "one more"})).await.assert_problem(409, "too_many_tags");
}

#[actix_web::test]
async fn tags_are_given_and_taken_on_the_customers_page_and_narrow_the_list() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let ada = world.coffee.greet(&app).await;
    let (staff, merchant) = (log_in(&app, STAFF).await, log_in(&app, &world.coffee.user).await);
    let page = format!("/customers/{ada}");
    let tag = |path: &str| form(&format!("{page}/{path}"), &[("tag", "Wholesale & more")]).cookie(staff.clone());
    assert_eq!(app.call(tag("tags")).await.header("location"), Some(format!("{page}?said=tagged").as_str()));
    let shown = open(&app, &merchant, &page).await.text;
    assert!(shown.contains("wholesale &#38; more") && !shown.contains("New tag"), "{shown}");
    let listed = open(&app, &merchant, "/customers?tag=wholesale+%26+more").await.text;
    assert!(listed.contains(&page) && listed.contains("aria-current=\"true\""), "{listed}");
    assert!(!open(&app, &merchant, "/customers?tag=other").await.text.contains(&page));
    let refused = app.call(form(&format!("{page}/tags"), &[("tag", "x")]).cookie(merchant)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(app.call(tag("untag")).await.header("location"), Some(format!("{page}?said=untagged").as_str()));
    assert!(!open(&app, &staff, &page).await.text.contains("wholesale &#38; more</bdi></a>"));
}

#[actix_web::test]
async fn a_customers_orders_are_a_list_of_their_own() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let ada = world.coffee.greet(&app).await;
    let orders = world.coffee.sell(&app, 3).await;
    world.outdoor.sell(&app, 2).await;
    let admin = app.log_in(ADMIN).await;
    // Sold to the same address as the account's, without the account.
    let listed = app.fetch(&admin, &format!("/api/v1/orders?customer={ada}&limit=2")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let rest = format!("/api/v1/orders?customer={ada}&limit=2&after={}", listed["next"].as_str().unwrap());
    assert_eq!(app.fetch(&admin, &rest).await["items"].as_array().unwrap().len(), 1);
    let foreign = app.log_in(&world.outdoor.admin).await;
    let path = format!("/api/v1/orders?customer={ada}");
    app.call(get(&path).insert_header(bearer(&foreign))).await.assert_problem(404, "not_found");

    let cookie = log_in(&app, &world.coffee.user).await;
    let page = open(&app, &cookie, &format!("/orders?customer={ada}")).await.text;
    assert!(orders.iter().all(|id| page.contains(&id.to_string())), "{page}");
    assert!(page.contains("data-insert=\"none\""), "orders of others would be put among these");
    assert_eq!(
        open(&app, &cookie, &format!("/orders?customer={}", Uuid::now_v7())).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(open(&app, &cookie, "/orders?customer=x").await.status, StatusCode::NOT_FOUND);
}

/// Gives orders of a store other values, as if the store had sent them so.
async fn set(app: &TestApp, store: impl std::fmt::Display, number: u32, values: &str) {
    let admin = app.db.admin().await.unwrap();
    let sql = format!("UPDATE orders SET {values} WHERE store_id = '{store}' AND number = '{number}'");
    assert_eq!(admin.execute(&sql, &[]).await.unwrap(), 1, "{sql}");
}

#[actix_web::test]
async fn fault_27_sums_count_the_statuses_that_stores_send_and_never_add_currencies() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let (coffee, outdoor) = (world.coffee.store, world.outdoor.store);
    world.coffee.sell(&app, 8).await;
    world.outdoor.sell(&app, 1).await;
    // In Istanbul the second of March began three hours before it did in UTC.
    for (number, values) in [
        (1, "status = 'completed', total = 100, created_at = '2026-03-01T21:00:00Z'"),
        (2, "status = 'processing', total = 20.50, created_at = '2026-03-02T20:59:59Z'"),
        (3, "status = 'packed', total = 3, created_at = '2026-03-02T12:00:00Z'"),
        (4, "status = 'cancelled', total = 1000, created_at = '2026-03-02T12:00:00Z'"),
        (5, "status = 'pending', total = 1000, created_at = '2026-03-02T12:00:00Z'"),
        (6, "status = 'completed', total = 7, currency = 'EUR', created_at = '2026-03-02T12:00:00Z'"),
        (7, "status = 'completed', total = 1000, created_at = '2026-03-01T20:59:59Z'"),
        (8, "status = 'completed', total = 1000, created_at = '2026-03-02T12:00:00Z', trashed_at = now()"),
    ] {
        set(&app, coffee, number, values).await;
    }
    set(&app, outdoor, 1, "status = 'on-hold', total = 5, currency = 'EUR', created_at = '2026-03-02T12:00:00Z'").await;
    let admin = app.log_in(ADMIN).await;
    let stats = async |token: &str, query: &str| app.fetch(token, &format!("/api/v1/orders/stats{query}")).await;
    let sums = stats(&admin, "?from=2026-03-02&to=2026-03-02").await;
    let told: Vec<Value> = sums["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            json!([
                one["store_name"],
                one["currency"],
                one["orders"],
                one["gross"]["amount"],
                one["from"],
                one["by_status"]
            ])
        })
        .collect();
    let of = |store: &str, currency: &str, orders: i64, gross: &str, by: Value| {
        json!([store, currency, orders, gross, "2026-03-02", by])
    };
    assert_eq!(
        told,
        [
            of("coffee shop", "EUR", 1, "7.00", json!({"completed": 1})),
            of(
                "coffee shop",
                "TRY",
                3,
                "123.50",
                json!({"cancelled": 1, "completed": 1, "packed": 1, "pending": 1, "processing": 1})
            ),
            of("outdoor shop", "EUR", 1, "5.00", json!({"on-hold": 1})),
        ]
    );
    let text = sums.to_string().to_lowercase();
    assert!(!text.contains("rate") && !text.contains("conversion") && !text.contains("1135"), "{text}");

    let merchant = app.log_in(&world.coffee.user).await;
    assert_eq!(stats(&merchant, "?from=2026-03-02&to=2026-03-02").await["items"].as_array().unwrap().len(), 2);
    assert_eq!(stats(&merchant, &format!("?store={outdoor}")).await, json!({"items": []}));
    for query in [
        "?from=2026-03-02",
        "?from=2026-03-02&to=2026-03-01",
        "?from=yesterday&to=today",
        "?from=2020-01-01&to=2026-01-01",
    ] {
        let path = format!("/api/v1/orders/stats{query}");
        app.call(get(&path).insert_header(bearer(&merchant))).await.assert_problem(400, "bad_request");
    }
    let cookie = log_in(&app, &world.coffee.user).await;
    let page = open(&app, &cookie, "/orders/stats?from=2026-03-02&to=2026-03-02").await.text;
    for words in ["123.50", "7.00", "1 Packed", "2026-03-02"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("outdoor"), "{page}");
}

#[actix_web::test]
async fn products_are_counted_by_store_by_status_and_by_what_is_low() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    world.coffee.stock(&app, 3).await;
    let admin = app.db.admin().await.unwrap();
    let change = "UPDATE product SET status = 'draft', stock_status = 'outofstock' WHERE sku = 'P-3'; \
        INSERT INTO low_stock (tenant_id, store_id, id, product_id, level, quantity, since) \
        SELECT tenant_id, store_id, gen_random_uuid(), id, 5, 1, now() FROM product WHERE sku = 'P-1'";
    admin.batch_execute(change).await.unwrap();
    let token = app.log_in(&world.coffee.admin).await;
    let stats = app.fetch(&token, "/api/v1/products/stats").await;
    let [held] = stats["items"].as_array().unwrap().as_slice() else { panic!("{stats}") };
    assert_eq!((&held["products"], &held["low"]), (&json!(3), &json!(1)));
    assert_eq!(held["by_status"], json!({"draft": 1, "publish": 2}));
    assert_eq!(held["by_stock_status"], json!({"instock": 2, "outofstock": 1}));
    let all = app.fetch(&app.log_in(ADMIN).await, "/api/v1/products/stats").await;
    assert_eq!(all["items"][1]["products"], 0, "a store that holds nothing is there with none: {all}");
}
