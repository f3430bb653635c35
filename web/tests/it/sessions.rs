//! What a session is worth, and when it ends.

use std::time::Duration;

use actix_web::{cookie::Cookie, http::StatusCode};

use crate::{
    app::{ORIGIN, TTL, TestApp, bearer, get, post},
    seed::{ADMIN, STAFF, World},
};

const ME: &str = "/api/v1/auth/me";

#[actix_web::test]
async fn a_logout_ends_the_token_at_once_and_no_other_session() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let (one, other) = (app.log_in(ADMIN).await, app.log_in(ADMIN).await);
    let answer = app.call(post("/api/v1/auth/logout").insert_header(bearer(&one))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").unwrap().starts_with("sw=; "));
    assert_eq!(app.status(&one, ME).await, StatusCode::UNAUTHORIZED);
    assert_eq!(app.status(&other, ME).await, StatusCode::OK);
}

#[actix_web::test]
async fn a_session_ends_with_its_time() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    app.clock.advance(TTL - Duration::from_secs(1));
    assert_eq!(app.status(&token, ME).await, StatusCode::OK);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(app.status(&token, ME).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_disabled_person_and_a_changed_role_take_effect_with_the_next_request() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let (staff, merchant) = (app.log_in(STAFF).await, app.log_in(&world.coffee.admin).await);
    let admin = app.db.admin().await.unwrap();
    admin.execute("UPDATE app_user SET disabled_at = now() WHERE email = $1", &[&STAFF]).await.unwrap();
    assert_eq!(app.status(&staff, ME).await, StatusCode::UNAUTHORIZED);

    let tenant = world.coffee.tenant.uuid();
    admin.execute("UPDATE membership SET role = 'merchant_user' WHERE tenant_id = $1", &[&tenant]).await.unwrap();
    assert_eq!(app.fetch(&merchant, ME).await["role"], "merchant_user");
    admin.execute("DELETE FROM membership WHERE tenant_id = $1", &[&tenant]).await.unwrap();
    assert_eq!(app.status(&merchant, ME).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_token_for_another_persons_session_is_refused() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    app.log_in(ADMIN).await;
    let admin = app.db.admin().await.unwrap();
    let row = admin.query_one("SELECT session.id FROM session", &[]).await.unwrap();
    let claims = storewire_guard::session_token::SessionClaims {
        sub: world.staff,
        sid: storewire_domain::SessionId(row.get(0)),
    };
    let mixed = app.state.sessions.issue(claims, app.clock.now(), TTL);
    assert_eq!(app.status(&mixed, ME).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn the_cookie_opens_what_the_bearer_opens_and_its_name_follows_the_scheme() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let plain = || Cookie::new("sw", token.clone());
    let secure = || Cookie::new("__Host-sw", token.clone());
    assert_eq!(app.call(get(ME).cookie(plain())).await.status, StatusCode::OK);
    assert_eq!(app.call(get(ME).cookie(secure())).await.status, StatusCode::UNAUTHORIZED);
    let proxied = || {
        let proxy = "10.0.0.1:443".parse().unwrap();
        get(ME).peer_addr(proxy).insert_header(("x-forwarded-proto", "https"))
    };
    assert_eq!(app.call(proxied().cookie(secure())).await.status, StatusCode::OK);
    assert_eq!(app.call(proxied().cookie(plain())).await.status, StatusCode::UNAUTHORIZED);
    let forged = get(ME).insert_header(("x-forwarded-proto", "https")).cookie(secure());
    assert_eq!(app.call(forged).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_bad_bearer_is_not_saved_by_a_good_cookie() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let both = get(ME).insert_header(bearer("worthless")).cookie(Cookie::new("sw", token.clone()));
    assert_eq!(app.call(both).await.status, StatusCode::UNAUTHORIZED);
    let other_scheme = get(ME).insert_header(("authorization", "Basic cHJveHk6eA==")).cookie(Cookie::new("sw", token));
    assert_eq!(app.call(other_scheme).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_cookie_alone_changes_nothing_without_our_own_origin() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let logout = || post("/api/v1/auth/logout").cookie(Cookie::new("sw", token.clone()));
    app.call(logout()).await.assert_problem(403, "forbidden");
    app.call(logout().insert_header(("origin", "http://evil.example"))).await.assert_problem(403, "forbidden");
    assert_eq!(app.status(&token, ME).await, StatusCode::OK);
    let own = logout().insert_header(("origin", ORIGIN));
    assert_eq!(app.call(own).await.status, StatusCode::NO_CONTENT);
}
