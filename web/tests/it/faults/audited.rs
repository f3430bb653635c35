//! Deeds and their proofs.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};
use storewire_domain::OrderId;

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer},
    seed::{ADMIN, STAFF, World},
};

/// Rows that deeds around orders leave.
async fn left(app: &TestApp) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM intent) + (SELECT count(*) FROM order_charge) + (SELECT count(*) FROM order_share)
        + (SELECT count(*) FROM bulk_row) + (SELECT count(*) FROM change WHERE kind IN ('intent.changed', 'desk.charged'))";
    app.db.admin().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

async fn send(app: &TestApp, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = TestRequest::default().method(method).uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
    app.call(request.insert_header(bearer(token)).set_json(body)).await
}

fn deeds(order: OrderId) -> [(Method, String, Value, &'static str); 4] {
    let path = format!("/api/v1/orders/{order}");
    [
        (Method::PATCH, path.clone(), json!({"note": {"text": "packed"}}), "intent.propose"),
        (Method::POST, format!("{path}/charges"), json!({"label": "Wrapping", "amount": "1"}), "desk.charge"),
        (Method::POST, format!("{path}/shares"), json!({}), "order.share"),
        (
            Method::POST,
            "/api/v1/orders/bulk".to_owned(),
            json!({"orders": [{"id": order, "seen_status": "processing"}], "status": "completed"}),
            "intent.propose",
        ),
    ]
}

#[actix_web::test]
async fn fault_30_a_deed_without_its_audit_entry_does_not_happen_and_each_entry_names_who_did_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let order = world.coffee.sell(&app, 1).await[0];
    let staff = app.log_in(STAFF).await;
    let admin = app.db.admin().await.unwrap();

    admin.batch_execute("REVOKE INSERT ON audit FROM sw_tenant, sw_desk").await.unwrap();
    for (method, path, body, _) in deeds(order) {
        let answer = send(&app, &staff, method, &path, &body).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}: {}", answer.text);
    }
    assert_eq!(left(&app).await, 0, "what cannot be proven is not done");

    admin.batch_execute("GRANT INSERT ON audit TO sw_tenant").await.unwrap();
    for (method, path, body, _) in deeds(order) {
        let answer = send(&app, &staff, method, &path, &body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }
    let overseer = app.log_in(ADMIN).await;
    let proofs = app.fetch(&overseer, &format!("/api/v1/audit?entity={order}")).await;
    let proofs = proofs["items"].as_array().unwrap();
    for (.., action) in deeds(order) {
        let proof = proofs.iter().find(|proof| proof["action"] == action);
        let proof = proof.unwrap_or_else(|| panic!("{action} is in {proofs:?}"));
        assert_eq!(proof["user_name"], "A Person", "{action}");
    }
}
