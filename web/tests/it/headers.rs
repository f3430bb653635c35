//! The headers that no answer lacks.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};

use crate::{
    app::{HOST, TestApp, bearer, get, peer, post},
    seed::{ADMIN, World},
};

#[actix_web::test]
async fn every_answer_carries_them_whatever_its_status() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let wrong_method = TestRequest::default().method(Method::DELETE).uri("/livez").peer_addr(peer(1));
    let requests = [
        (StatusCode::OK, get("/livez")),
        (StatusCode::OK, get("/openapi.json")),
        (StatusCode::OK, get("/api/v1/orders").insert_header(bearer(&token))),
        (StatusCode::BAD_REQUEST, get("/api/v1/orders?x=1").insert_header(bearer(&token))),
        (StatusCode::UNAUTHORIZED, get("/api/v1/orders")),
        (StatusCode::FORBIDDEN, post("/api/v1/auth/login").insert_header(("origin", "http://evil.example"))),
        (StatusCode::NOT_FOUND, get("/api/v1/nothing").insert_header(bearer(&token))),
        (StatusCode::NOT_FOUND, get("/nothing")),
        (StatusCode::METHOD_NOT_ALLOWED, wrong_method.insert_header(("host", HOST))),
    ];
    for (status, request) in requests {
        let answer = app.call(request).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|found| found.trim() == part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("  "), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("strict-transport-security").is_none(), "plain http");
        assert_eq!(answer.header("x-request-id").unwrap().len(), 36);
    }
}

#[actix_web::test]
async fn https_is_remembered_only_when_it_is_https() {
    let app = TestApp::start().await;
    let proxied =
        get("/livez").peer_addr("10.0.0.1:443".parse().unwrap()).insert_header(("x-forwarded-proto", "https"));
    assert_eq!(app.call(proxied).await.header("strict-transport-security"), Some("max-age=31536000"));
}
