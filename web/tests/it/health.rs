//! The probes.

use actix_web::http::StatusCode;
use serde_json::json;

use crate::app::{TestApp, get};

#[actix_web::test]
async fn a_lost_database_ends_readiness_and_not_life() {
    let app = TestApp::start().await;
    assert_eq!(app.call(get("/livez")).await.json(), json!({"status": "ok"}));
    assert_eq!(app.call(get("/readyz")).await.json(), json!({"status": "ok"}));
    app.state.db.close();
    assert_eq!(app.call(get("/livez")).await.status, StatusCode::OK);
    app.call(get("/readyz")).await.assert_problem(503, "unavailable");
}

#[actix_web::test]
async fn a_schema_that_is_not_ours_is_not_ready() {
    let app = TestApp::start().await;
    let admin = app.db.admin().await.unwrap();
    admin.batch_execute("ALTER TABLE session RENAME TO session_of_a_later_release").await.unwrap();
    app.call(get("/readyz")).await.assert_problem(503, "unavailable");
}
