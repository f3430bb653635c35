//! What merchants ask for: it makes sense or is refused, once however often it is sent, and each sees their own.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{APPROVALS, Call, Scene, approve, done, href, made};
use crate::app::{HOST, bearer, peer};

#[actix_web::test]
async fn what_is_asked_for_makes_sense_or_nothing_is_asked() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let about = |entity: &str, wish: Value| {
        let mut body = json!({"entity_id": entity});
        body.as_object_mut().unwrap().extend(wish.as_object().cloned().unwrap());
        body
    };
    let product = |wish| about(&scene.product, wish);
    for (body, status, code) in [
        (product(json!({})), 422, "nothing_to_change"),
        (product(json!({"stock_quantity": "1"})), 422, "nothing_to_change"),
        (product(json!({"stock_quantity": "2", "status": "draft"})), 422, "one_at_a_time"),
        (product(json!({"stock_quantity": 2})), 422, "invalid_body"),
        (product(json!({"stock_change": "-2"})), 422, "negative"),
        (product(json!({"status": "trash"})), 422, "bad_status"),
        (product(json!({"text": {"name": " "}})), 422, "empty"),
        (product(json!({"text": {"slug": "mug"}})), 422, "invalid_body"),
        (product(json!({"stock_quantity": "2", "note": "a\u{0}b"})), 422, "bad_text"),
        (product(json!({"stock_quantity": "2", "seen": {"status": "publish"}})), 422, "bad_expectation"),
        (product(json!({"stock_quantity": "2", "seen": {"stock_quantity": "5"}})), 412, "changed"),
        (product(json!({"stock_quantity": "2", "state": "approved"})), 422, "invalid_body"),
        (product(json!({"stock_quantity": "2", "asked_by": "me"})), 422, "invalid_body"),
        (about(&order.to_string(), json!({"stock_quantity": "2"})), 404, "not_found"),
        (product(json!({"order_note": "fragile"})), 404, "not_found"),
        (about(&order.to_string(), json!({"order_note": " "})), 422, "empty"),
    ] {
        scene.post(&scene.user, APPROVALS, &body).await.assert_problem(status, code);
    }
    assert_eq!(scene.numbers(&scene.admin, "").await, [] as [&str; 0]);

    let more = made(&scene.post(&scene.user, APPROVALS, &product(json!({"stock_change": "8"}))).await);
    assert_eq!((&more["proposed"], &more["meaning"]), (&json!({"stock_quantity": "9"}), &json!("relative")));
    let again = scene.post(&scene.owner, APPROVALS, &product(json!({"stock_quantity": "30"}))).await;
    again.assert_problem(409, "already_asked");
    assert_eq!((&again.json()["id"], &again.json()["number"]), (&more["id"], &json!(1)));
    let price = made(&scene.post(&scene.owner, APPROVALS, &product(json!({"sale_price": "8.00"}))).await);
    assert_eq!(price["proposed"], json!({"regular_price": "9.5", "sale_price": "8"}));
    // Which request stands in the way is told to those who may see it: not a colleague's to a merchant's user.
    let in_the_way = scene.post(&scene.user, APPROVALS, &product(json!({"sale_price": "7.00"}))).await;
    in_the_way.assert_problem(409, "already_asked");
    assert!(in_the_way.json()["id"].is_null() && in_the_way.json()["number"].is_null(), "{}", in_the_way.text);
    made(&scene.post(&scene.owner, APPROVALS, &about(&order.to_string(), json!({"order_note": "fragile"}))).await);
    let comments = format!("{}/comments", href(&more));
    for (text, code) in [(" ", "empty"), ("a\u{0}b", "bad_text"), (&*"x".repeat(10_001), "too_long")] {
        scene.post(&scene.user, &comments, &json!({"text": text})).await.assert_problem(422, code);
    }
    let silent = json!({"decision": "reject", "reason": " "});
    scene.decide(&scene.staff, &price, &silent).await.assert_problem(422, "reason_needed");
    scene.app.db.admin().await.unwrap().batch_execute("UPDATE product SET trashed_at = now()").await.unwrap();
    let late = scene.post(&scene.user, APPROVALS, &product(json!({"status": "draft"}))).await;
    late.assert_problem(409, "gone");
}

#[actix_web::test]
async fn a_product_that_is_yet_to_be_made_is_asked_for_by_its_store() {
    let scene = Scene::start().await;
    let kettle = |store: &dyn std::fmt::Display| json!({"store_id": store.to_string(), "name": "Kettle"});
    let own = kettle(&scene.world.coffee.store);
    for (body, status, code) in [
        (json!({"product": own, "entity_id": scene.product}), 422, "invalid_body"),
        (json!({"stock_quantity": "2"}), 422, "invalid_body"),
        (json!({"product": own, "status": "draft"}), 422, "one_at_a_time"),
        (json!({"product": own, "seen": {"created": ""}}), 422, "bad_expectation"),
        (json!({"product": {"store_id": scene.world.coffee.store, "name": " "}}), 422, "empty"),
        (json!({"product": kettle(&scene.world.outdoor.store)}), 404, "not_found"),
    ] {
        scene.post(&scene.user, APPROVALS, &body).await.assert_problem(status, code);
    }
    let body = json!({"product": own, "note": "for the winter"});
    let asked = made(&scene.post(&scene.user, APPROVALS, &body).await);
    assert_eq!((&asked["kind"], &asked["about"]), (&json!("product.create"), &json!("Kettle")));
    assert_eq!(asked["entity_id"], asked["id"], "until it is made it is known by its request");
    scene.post(&scene.staff, APPROVALS, &body).await.assert_problem(403, "forbidden");
    assert_eq!(scene.intents().await, 0);
    done(&scene.decide(&scene.staff, &asked, &approve()).await);
    assert_eq!(scene.intents().await, 1);
}

#[actix_web::test]
async fn a_merchant_asks_for_a_product_by_a_form_once_and_who_decides_reads_what_it_is() {
    let scene = Scene::start().await;
    let (store, deed) = (scene.world.coffee.store.to_string(), uuid::Uuid::now_v7().to_string());
    let at = async |token: &str, path: &str| {
        scene.send(Call { token, version: None, key: None }, Method::GET, path, &Value::Null).await
    };
    assert!(at(&scene.user, "/products").await.text.contains("href=\"/products/ask\""));
    assert!(at(&scene.user, &format!("/products/ask?store={store}")).await.text.contains("action=\"/products/ask\""));
    assert_eq!(at(&scene.staff, "/products/ask").await.status, StatusCode::FORBIDDEN);
    let hand_in = async |regular: &str| {
        let fields = [
            ("store", store.as_str()),
            ("deed", deed.as_str()),
            ("name", "Kettle <1>"),
            ("status", "draft"),
            ("regular", regular),
            ("description", "Of copper"),
            ("note", "for the winter"),
        ];
        let form = TestRequest::post().uri("/products/ask").peer_addr(peer(1)).insert_header(("host", HOST));
        scene.app.call(form.insert_header(bearer(&scene.user)).set_form(&fields[..])).await
    };
    let back = hand_in("12,x").await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text.contains("Kettle &#60;1&#62;") && back.text.contains("for the winter"), "{}", back.text);
    for _ in 0..2 {
        let asked = hand_in("12,50").await;
        assert_eq!(asked.header("location"), Some(format!("/requests/{deed}?said=asked").as_str()), "{}", asked.text);
    }
    assert_eq!(scene.numbers(&scene.user, "").await, ["coffee shop R-1"]);
    let page = at(&scene.staff, &format!("/requests/{deed}")).await.text;
    assert!(page.contains("12.5") && page.contains("Of copper") && page.contains("for the winter"), "{page}");
}

#[actix_web::test]
async fn a_key_makes_a_repeated_wish_one_request() {
    let scene = Scene::start().await;
    let wish = json!({"entity_id": scene.product, "stock_quantity": "20"});
    let ask =
        || scene.send(Call { token: &scene.user, version: None, key: Some("k-1") }, Method::POST, APPROVALS, &wish);
    let answers = join_all((0..8).map(|_| ask())).await;
    for answer in &answers {
        made(answer);
        assert_eq!(answer.text, answers[0].text);
    }
    assert_eq!(scene.numbers(&scene.user, "").await, ["coffee shop R-1"]);
}

#[actix_web::test]
async fn the_panels_list_shows_each_their_own_and_takes_a_merchants_markup_for_text() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    scene.ask(&scene.owner, 20).await;
    let note = json!({"entity_id": order, "order_note": "<b>fragile</b>"});
    made(&scene.post(&scene.user, APPROVALS, &note).await);
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    for (token, sees) in [
        (&scene.user, [false, true]),
        (&scene.owner, [true, true]),
        (&scene.staff, [true, true]),
        (&outdoor, [false, false]),
    ] {
        let list = async |path: &str| {
            let by = Call { token, version: None, key: None };
            let page = scene.send(by, Method::GET, path, &Value::Null).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            page.text
        };
        let page = list("/requests").await;
        assert_eq!([page.contains("Stock to 20"), page.contains("&#60;b&#62;fragile")], sees, "{page}");
        assert!(!list("/requests?state=rejected").await.contains("fragile"));
    }
    let by = Call { token: &scene.staff, version: None, key: None };
    let nowhere = scene.send(by, Method::GET, "/requests?state=odd", &Value::Null).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}
