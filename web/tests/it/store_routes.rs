//! Connecting and syncing stores: who may, and what is refused before the outside is asked.

use std::time::Duration;

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use storewire_db::identity;
use storewire_domain::TenantId;
use storewire_testkit::wait_until;

use crate::{
    app::{Answer, TestApp, bearer, post},
    seed::{ADMIN, STAFF, World},
};

const STORES: &str = "/api/v1/stores";
const TRIAL: &str = "/api/v1/stores/test-connection";

async fn send(app: &TestApp, token: &str, path: &str, body: &Value) -> Answer {
    app.call(post(path).insert_header(bearer(token)).set_json(body)).await
}

fn new_store(tenant: TenantId) -> Value {
    json!({"tenant_id": tenant, "url": "https://new.example", "consumer_key": "ck_1", "consumer_secret": "cs_1"})
}

fn trial() -> Value {
    json!({"url": "https://new.example", "consumer_key": "ck_1", "consumer_secret": "cs_1"})
}

#[actix_web::test]
async fn merchants_connect_and_sync_nothing() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    for email in [&world.coffee.admin, &world.coffee.user] {
        let token = app.log_in(email).await;
        send(&app, &token, STORES, &new_store(world.coffee.tenant)).await.assert_problem(403, "forbidden");
        send(&app, &token, TRIAL, &trial()).await.assert_problem(403, "forbidden");
        let own = format!("{STORES}/{}/sync", world.coffee.store);
        send(&app, &token, &own, &json!({})).await.assert_problem(403, "forbidden");
        let foreign = format!("{STORES}/{}/sync", world.outdoor.store);
        send(&app, &token, &foreign, &json!({})).await.assert_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn staff_sync_a_store_that_runs_and_are_told_of_one_that_does_not() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let sync = format!("{STORES}/{}/sync", world.coffee.store);
    let token = app.log_in(STAFF).await;
    send(&app, &token, &sync, &json!({})).await.assert_problem(409, "not_running");
    let admin = app.db.admin().await.unwrap();
    admin
        .batch_execute("UPDATE store SET state = 'live', updated_at = updated_at + interval '1 second'")
        .await
        .unwrap();
    app.state.engine.look();
    let runs = async || send(&app, &token, &sync, &json!({})).await.status == StatusCode::ACCEPTED;
    wait_until(Duration::from_secs(10), "the store's actor takes the wish", runs).await.unwrap();
}

#[actix_web::test]
async fn staff_who_keep_some_stores_cannot_connect_another() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let tx = app.db.db().tenant(world.coffee.tenant).await.unwrap();
    identity::assign_staff(&tx, world.staff, world.coffee.store).await.unwrap();
    tx.commit().await.unwrap();
    let keeper = app.log_in(STAFF).await;
    send(&app, &keeper, STORES, &new_store(world.coffee.tenant)).await.assert_problem(403, "forbidden");
    send(&app, &keeper, TRIAL, &trial()).await.assert_problem(403, "forbidden");
}

#[actix_web::test]
async fn an_address_inside_our_own_network_is_refused_unasked() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    for url in [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "http://169.254.169.254/latest",
        "ftp://shop.example",
    ] {
        let mut body = new_store(world.coffee.tenant);
        body["url"] = json!(url);
        let answer = send(&app, &token, STORES, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {}", answer.text);
        let mut body = trial();
        body["url"] = json!(url);
        let answer = send(&app, &token, TRIAL, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {}", answer.text);
        assert!(!answer.text.contains("cs_1"), "{}", answer.text);
    }
}

#[actix_web::test]
async fn what_cannot_be_connected_is_refused_with_a_reason() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let unknown = new_store(TenantId::fresh());
    send(&app, &token, STORES, &unknown).await.assert_problem(422, "no_tenant");
    let good = new_store(world.coffee.tenant);
    for (field, value) in [
        ("url", json!("")),
        ("url", json!("x".repeat(3000))),
        ("consumer_key", json!(" ")),
        ("consumer_secret", json!("a\nb")),
        ("name", json!("x".repeat(300))),
    ] {
        let mut body = good.clone();
        body[field] = value;
        send(&app, &token, STORES, &body).await.assert_problem(422, "invalid_field");
    }
    for (field, value) in [("tenant_id", json!("x")), ("surprise", json!(1)), ("url", json!(7))] {
        let mut body = good.clone();
        body[field] = value;
        send(&app, &token, STORES, &body).await.assert_problem(422, "invalid_body");
    }
}
