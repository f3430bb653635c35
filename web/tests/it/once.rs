//! A key makes a retried write happen once, whoever repeats it and however many come at the same time.

use actix_web::{http::StatusCode, test::TestRequest};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer},
    seed::{ADMIN, STAFF, World},
};

fn patch(path: &str, token: &str, key: Option<&str>, body: &Value) -> TestRequest {
    let request = TestRequest::patch().uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
    let request = request.insert_header(bearer(token)).set_json(body);
    match key {
        Some(key) => request.insert_header(("idempotency-key", key)),
        None => request,
    }
}

async fn intents(app: &TestApp, token: &str) -> usize {
    app.fetch(token, "/api/v1/intents").await["items"].as_array().unwrap().len()
}

/// An order of the coffee merchant, and its address.
async fn order(app: &TestApp, world: &World) -> String {
    format!("/api/v1/orders/{}", world.coffee.sell(app, 1).await[0])
}

#[actix_web::test]
async fn of_twenty_repetitions_at_once_one_makes_an_intent_and_all_are_told_of_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let path = order(&app, &world).await;
    let staff = app.log_in(STAFF).await;
    let wish = json!({"note": {"text": "packed"}});
    let answers: Vec<Answer> = join_all((0..20).map(|_| app.call(patch(&path, &staff, Some("k-1"), &wish)))).await;
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!(answer.text, answers[0].text);
    }
    assert_eq!(intents(&app, &staff).await, 1);
}

#[actix_web::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let path = order(&app, &world).await;
    let (staff, admin) = (app.log_in(STAFF).await, app.log_in(ADMIN).await);
    let (packed, sent) = (json!({"note": {"text": "packed"}}), json!({"note": {"text": "sent"}}));
    let first = app.call(patch(&path, &staff, Some("k-1"), &packed)).await;
    app.call(patch(&path, &staff, Some("k-1"), &sent)).await.assert_problem(422, "key_reused");
    assert_eq!(app.call(patch(&path, &staff, Some("k-1"), &packed)).await.text, first.text);
    assert_eq!(intents(&app, &staff).await, 1);
    let other = app.call(patch(&path, &admin, Some("k-1"), &sent)).await;
    assert_eq!(other.status, StatusCode::ACCEPTED, "another person's key is another key: {}", other.text);
    for _ in 0..2 {
        assert_eq!(app.call(patch(&path, &staff, None, &packed)).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(intents(&app, &staff).await, 4, "without a key each request is its own");
}

#[actix_web::test]
async fn what_failed_is_tried_again_under_the_same_key() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let admin = app.log_in(ADMIN).await;
    let sync = format!("/api/v1/stores/{}/sync", world.coffee.store);
    let ask = || {
        let request = TestRequest::post().uri(&sync).peer_addr(peer(1)).insert_header(("host", HOST));
        request.insert_header(bearer(&admin)).insert_header(("idempotency-key", "k-1"))
    };
    app.call(ask()).await.assert_problem(409, "not_running");
    let rows = app.db.admin().await.unwrap();
    rows.batch_execute("UPDATE store SET state = 'parked'").await.unwrap();
    assert_eq!(app.call(ask()).await.status, StatusCode::ACCEPTED, "the refusal was not kept");
    rows.batch_execute("UPDATE store SET state = 'paused'").await.unwrap();
    assert_eq!(app.call(ask()).await.status, StatusCode::ACCEPTED, "the answer was");
}

#[actix_web::test]
async fn a_malformed_key_is_refused_before_anything_is_done() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let path = order(&app, &world).await;
    let staff = app.log_in(STAFF).await;
    let wish = json!({"note": {"text": "packed"}});
    for key in ["", "with space", &"x".repeat(201)] {
        app.call(patch(&path, &staff, Some(key), &wish)).await.assert_problem(400, "bad_request");
    }
    assert_eq!(intents(&app, &staff).await, 0);
}
