//! What people want changed in stores becomes intents, all of a request or none, with what they saw.

use actix_web::{http::StatusCode, test::TestRequest};
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer, post},
    seed::{STAFF, World},
};

struct Scene {
    app: TestApp,
    world: World,
    staff: String,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let staff = app.log_in(STAFF).await;
        Self { app, world, staff }
    }

    async fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = TestRequest::patch().uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        self.app.call(request.insert_header(bearer(&self.staff)).set_json(body)).await
    }

    async fn post(&self, path: &str) -> Answer {
        self.app.call(post(path).insert_header(bearer(&self.staff))).await
    }

    async fn intents(&self) -> usize {
        self.app.fetch(&self.staff, "/api/v1/intents").await["items"].as_array().unwrap().len()
    }
}

fn kinds(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let intents = answer.json()["intents"].clone();
    intents.as_array().unwrap().iter().map(|intent| intent["kind"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn one_request_for_an_order_may_want_several_changes() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let path = format!("/api/v1/orders/{order}");
    let wish = json!({
        "status": "completed",
        "note": {"text": "on its way", "for_customer": true},
        "tracking": {"provider": "DHL", "number": "1Z", "url": "https://track.example/1Z"},
        "expected": {"status": "processing"},
    });
    let answer = scene.patch(&path, &wish).await;
    assert_eq!(kinds(&answer), ["order.status", "order.note", "order.tracking"]);
    let first = answer.json()["intents"][0].clone();
    assert_eq!((&first["state"], &first["entity_id"]), (&json!("waiting"), &json!(order)));
    assert_eq!(first["expected"], json!({"status": "processing"}));
    let shown = scene.app.fetch(&scene.staff, first["href"].as_str().unwrap()).await;
    assert_eq!(shown, first);
    let listed = scene.app.fetch(&scene.staff, &format!("/api/v1/intents?entity={order}&state=waiting&limit=2")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(listed["next"].is_string());
}

#[actix_web::test]
async fn a_request_with_one_bad_change_makes_none() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let path = format!("/api/v1/orders/{order}");
    for (wish, code) in [
        (json!({"status": "completed", "note": {"text": " "}, "expected": {"status": "processing"}}), "empty"),
        (json!({"status": "Completed!", "expected": {"status": "processing"}}), "bad_status"),
        (json!({"note": {"text": "x"}, "expected": {"status": "processing"}}), "bad_expectation"),
        (json!({}), "nothing_to_change"),
        (json!({"total": "1.00"}), "invalid_body"),
        (json!({"status": 7}), "invalid_body"),
    ] {
        scene.patch(&path, &wish).await.assert_problem(422, code);
    }
    let refused = scene.patch(&path, &json!({"tracking": {"provider": "DHL", "number": "1", "url": "soon"}})).await;
    assert_eq!(refused.json()["detail"], "tracking.url is no web address; it begins with https:// or http://");
    assert_eq!(scene.intents().await, 0);
}

#[actix_web::test]
async fn one_price_alone_is_written_only_while_the_other_is_what_we_hold() {
    let scene = Scene::start().await;
    let product = scene.world.coffee.stock(&scene.app, 1).await[0];
    let path = format!("/api/v1/products/{product}");
    let answer = scene.patch(&path, &json!({"sale_price": "8.00", "expected": {"sale_price": null}})).await;
    assert_eq!(kinds(&answer), ["product.price"]);
    let intent = answer.json()["intents"][0].clone();
    assert_eq!(intent["edit"], json!({"kind": "product.price", "regular": "9.5", "sale": "8.00"}));
    assert_eq!(intent["expected"], json!({"regular_price": "9.5", "sale_price": null}));

    let ended = scene.patch(&path, &json!({"sale_price": null, "expected": {"sale_price": ""}})).await;
    let intent = ended.json()["intents"][0].clone();
    assert_eq!(intent["edit"]["sale"], Value::Null);
    assert_eq!(intent["expected"], json!({"regular_price": "9.5", "sale_price": null}));
}

#[actix_web::test]
async fn amounts_are_decimal_strings_and_must_make_sense() {
    let scene = Scene::start().await;
    let product = scene.world.coffee.stock(&scene.app, 1).await[0];
    let path = format!("/api/v1/products/{product}");
    for (wish, code) in [
        (json!({"stock_quantity": 20}), "invalid_body"),
        (json!({"stock_quantity": "1e3"}), "invalid_body"),
        (json!({"stock_quantity": "-1", "expected": {"stock_quantity": "1"}}), "negative"),
        (json!({"regular_price": "9.999", "expected": {"regular_price": "9.50"}}), "too_precise"),
        (json!({"sale_price": "9.50", "expected": {"sale_price": null}}), "sale_not_below_regular"),
        (json!({"status": "trash", "expected": {"status": "publish"}}), "bad_status"),
        (json!({"categories": ["404"], "expected": {"categories": []}}), "bad_category"),
    ] {
        scene.patch(&path, &wish).await.assert_problem(422, code);
    }
    assert_eq!(scene.intents().await, 0);
    let seen = json!({"stock_quantity": "1", "regular_price": "9.5", "status": "publish"});
    let all = json!({"stock_quantity": "20", "regular_price": "10", "status": "draft", "expected": seen});
    assert_eq!(kinds(&scene.patch(&path, &all).await), ["product.stock", "product.price", "product.status"]);
    let wish = json!({"stock_quantity": "3", "expected": {"stock_quantity": "1"}});
    assert_eq!(kinds(&scene.patch(&format!("/api/v1/inventory/{product}"), &wish).await), ["product.stock"]);
}

#[actix_web::test]
async fn nothing_is_set_by_whoever_does_not_say_what_they_saw() {
    let scene = Scene::start().await;
    let order = format!("/api/v1/orders/{}", scene.world.coffee.sell(&scene.app, 1).await[0]);
    let product = scene.world.coffee.stock(&scene.app, 1).await[0];
    let (stock, product) = (format!("/api/v1/inventory/{product}"), format!("/api/v1/products/{product}"));
    let customer = format!("/api/v1/customers/{}", scene.world.coffee.greet(&scene.app).await);
    for (path, wish, current) in [
        (&order, json!({"status": "completed", "note": {"text": "x"}}), json!({"status": "processing"})),
        (&stock, json!({"stock_quantity": "3"}), json!({"stock_quantity": "1"})),
        (&product, json!({"sale_price": "8"}), json!({"sale_price": null})),
        (&product, json!({"categories": [], "name": "Cup"}), json!({"categories": [], "name": "Product 001"})),
        (
            &product,
            json!({"status": "draft", "stock_quantity": "3", "expected": {"status": "publish"}}),
            json!({"stock_quantity": "1"}),
        ),
        (&customer, json!({"fields": {"billing.city": "Ankara"}}), json!({"billing.city": "Istanbul"})),
    ] {
        let answer = scene.patch(path, &wish).await;
        answer.assert_problem(428, "version_needed");
        assert_eq!(answer.json()["current"], current, "{path}");
        let versioned = TestRequest::patch().uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        let versioned = versioned.insert_header(bearer(&scene.staff)).insert_header(("if-match", "1")).set_json(&wish);
        scene.app.call(versioned).await.assert_problem(400, "bad_request");
    }
    let throw_away = TestRequest::delete().uri(&product).peer_addr(peer(1)).insert_header(("host", HOST));
    let answer = scene.app.call(throw_away.insert_header(bearer(&scene.staff)).set_json(json!({}))).await;
    answer.assert_problem(428, "version_needed");
    assert_eq!(answer.json()["current"], json!({"status": "publish"}));
    assert_eq!(scene.intents().await, 0);
    // What is added overwrites nothing, and so many more are counted from what is there.
    assert_eq!(kinds(&scene.patch(&order, &json!({"note": {"text": "x"}})).await), ["order.note"]);
    assert_eq!(kinds(&scene.patch(&stock, &json!({"change": "+3"})).await), ["product.stock"]);
}

#[actix_web::test]
async fn a_customers_fields_are_named_as_the_store_names_them() {
    let scene = Scene::start().await;
    let customer = scene.world.coffee.greet(&scene.app).await;
    let path = format!("/api/v1/customers/{customer}");
    let wish = json!({"fields": {"billing.city": "Ankara"}, "expected": {"billing.city": "Istanbul"}});
    assert_eq!(kinds(&scene.patch(&path, &wish).await), ["customer.fields"]);
    for (wish, code) in [
        (json!({"fields": {"role": "administrator"}}), "invalid_body"),
        (json!({"fields": {"email": "nobody"}, "expected": {"email": "ayse@example.test"}}), "bad_email"),
        (json!({"fields": {}}), "empty"),
    ] {
        scene.patch(&path, &wish).await.assert_problem(422, code);
    }
    let shown = scene.app.fetch(&scene.staff, &path).await;
    assert_eq!((&shown["name"], &shown["billing"]["city"]), (&json!("Ayşe Yılmaz"), &json!("Istanbul")));
    let found = scene.app.fetch(&scene.staff, "/api/v1/customers?q=ay%C5%9Fe").await;
    assert_eq!(found["items"][0]["id"], json!(customer));
}

#[actix_web::test]
async fn what_waits_can_be_taken_back_and_then_tried_again() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let intent = scene.world.coffee.want(&scene.app, scene.world.staff, order).await;
    let path = format!("/api/v1/intents/{intent}");
    scene.post(&format!("{path}/retry")).await.assert_problem(409, "not_failed");
    let taken_back = scene.post(&format!("{path}/cancel")).await.json();
    assert_eq!((&taken_back["state"], &taken_back["reason"]), (&json!("failed"), &json!("cancelled")));
    scene.post(&format!("{path}/cancel")).await.assert_problem(409, "too_late");
    let again = scene.post(&format!("{path}/retry")).await.json();
    assert_eq!((&again["state"], &again["reason"]), (&json!("waiting"), &Value::Null));
}
