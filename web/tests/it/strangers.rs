//! A stranger learns nothing: 401 comes before what exists and before what a good request looks like.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use utoipa::OpenApi;

use crate::app::{HOST, TestApp, bearer, get, peer, post};

fn strange(method: &str, path: &str) -> TestRequest {
    let method: Method = method.to_uppercase().parse().unwrap();
    TestRequest::default().method(method).uri(path).peer_addr(peer(1)).insert_header(("host", HOST))
}

#[actix_web::test]
async fn every_documented_route_answers_a_stranger_401_whatever_is_asked() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (verb, operation) in operations.as_object().unwrap() {
            if operation.get("security").is_none() {
                continue;
            }
            let real = path.replace("{id}", "0195f7a0-0000-7000-8000-000000000001");
            let wrong = path.replace("{id}", "no-id");
            let variants = [real.clone(), format!("{real}?limit=0&surprise=1"), wrong];
            for uri in variants {
                app.call(strange(verb, &uri)).await.assert_problem(401, "unauthorized");
                let with_body = strange(verb, &uri).insert_header(("content-type", "application/json"));
                app.call(with_body.set_payload("{not json")).await.assert_problem(401, "unauthorized");
                asked += 1;
            }
        }
    }
    assert!(asked >= 30, "{asked}");
}

#[actix_web::test]
async fn paths_and_methods_that_do_not_exist_are_401_too() {
    let app = TestApp::start().await;
    for path in
        ["/api/v1", "/api/v1/", "/api/v1/secret", "/api/v1/orders/1/2/3", "/api/v1/auth", "/api/v1/stores/x/sync/y"]
    {
        app.call(get(path)).await.assert_problem(401, "unauthorized");
    }
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "BREW"] {
        app.call(strange(method, "/api/v1/orders")).await.assert_problem(401, "unauthorized");
    }
}

#[actix_web::test]
async fn a_worthless_token_is_a_stranger_even_beside_nothing_else() {
    let app = TestApp::start().await;
    let foreign = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    for token in ["", "x", "a.b.c", foreign, &"x".repeat(10_000)] {
        app.call(get("/api/v1/orders").insert_header(bearer(token))).await.assert_problem(401, "unauthorized");
    }
    let answer = app.call(get("/api/v1/auth/me")).await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"storewire\""));
}

#[actix_web::test]
async fn the_login_itself_is_open_and_says_what_is_wrong_with_a_body() {
    let app = TestApp::start().await;
    let send = |kind: &'static str, body: String| {
        app.call(post("/api/v1/auth/login").insert_header(("content-type", kind)).set_payload(body))
    };
    send("application/json", "{".to_owned()).await.assert_problem(400, "bad_request");
    send("text/plain", "{}".to_owned()).await.assert_problem(415, "unsupported_media");
    send("application/json", r#"{"email":"a"}"#.to_owned()).await.assert_problem(422, "invalid_body");
    let surprise = r#"{"email":"a","password":"b","role":"platform_admin"}"#;
    send("application/json", surprise.to_owned()).await.assert_problem(422, "invalid_body");
    let large = format!(r#"{{"email":"a","password":"{}"}}"#, "x".repeat(1024 * 1024));
    send("application/json", large).await.assert_problem(413, "too_large");
    let answer = app.call(get("/api/v1/auth/login")).await;
    answer.assert_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
    assert_eq!(app.call(get("/openapi.json")).await.status, StatusCode::OK);
}
