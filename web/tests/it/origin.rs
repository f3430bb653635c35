//! Which origins may change something, on the whole app.

use actix_web::{cookie::Cookie, http::StatusCode};

use crate::{
    app::{TestApp, bearer, get, login},
    seed::{ADMIN, PASSWORD, World},
};

#[actix_web::test]
async fn another_sites_form_cannot_log_anyone_in_and_the_public_address_can() {
    let app = TestApp::start().await;
    World::create(&app).await;
    for foreign in ["http://evil.example", "null", "https://panel.example:8080", "https://public.example.evil.example"]
    {
        let request = login(ADMIN, PASSWORD).insert_header(("origin", foreign));
        app.call(request).await.assert_problem(403, "forbidden");
    }
    for own in ["http://panel.example:8080", "https://public.example"] {
        let request = login(ADMIN, PASSWORD).insert_header(("origin", own));
        assert_eq!(app.call(request).await.status, StatusCode::OK, "{own}");
    }
}

#[actix_web::test]
async fn behind_a_trusted_proxy_the_forwarded_host_and_scheme_are_the_origin() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let proxied = |origin: &'static str| {
        login(ADMIN, PASSWORD)
            .peer_addr("10.0.0.1:443".parse().unwrap())
            .insert_header(("x-forwarded-proto", "https"))
            .insert_header(("x-forwarded-host", "shop-room.example"))
            .insert_header(("origin", origin))
    };
    assert_eq!(app.call(proxied("https://shop-room.example")).await.status, StatusCode::OK);
    app.call(proxied("http://shop-room.example")).await.assert_problem(403, "forbidden");
    app.call(proxied("http://panel.example:8080")).await.assert_problem(403, "forbidden");
}

#[actix_web::test]
async fn a_socket_with_a_cookie_is_for_our_own_pages_only() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let foreign = [
        "http://evil.example",
        "null",
        "https://panel.example:8080",
        "http://panel.example",
        "http://x.panel.example:8080",
    ];
    for path in ["/live?page=orders", "/api/v1/live"] {
        let shake = || get(path).cookie(Cookie::new("sw", token.clone()));
        assert_eq!(app.call(shake()).await.status, StatusCode::FORBIDDEN, "{path} without an origin");
        for origin in foreign {
            let answer = app.call(shake().insert_header(("origin", origin))).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {origin}");
            // What a browser adds by itself for a proxy is no bearer token.
            let proxied = shake().insert_header(("origin", origin)).insert_header(("authorization", "Basic eDp5"));
            assert_eq!(app.call(proxied).await.status, StatusCode::FORBIDDEN, "{path} {origin} through a proxy");
        }
    }
    let program = get("/api/v1/live").insert_header(bearer(&token));
    assert_ne!(app.call(program).await.status, StatusCode::FORBIDDEN, "a bearer needs no origin");
}
