//! Logging in: who gets in, what the others are told, and how guessing is slowed.

use std::time::Duration;

use actix_web::http::StatusCode;
use serde_json::json;
use storewire_guard::password;

use crate::{
    app::{TestApp, login, peer},
    seed::{self, ADMIN, PASSWORD, STAFF, World},
};

#[actix_web::test]
async fn each_role_logs_in_and_is_told_who_it_is() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let expected = [
        (ADMIN, "platform_admin", json!(null)),
        (STAFF, "platform_staff", json!(null)),
        (world.coffee.admin.as_str(), "merchant_admin", json!(world.coffee.tenant)),
        (world.outdoor.user.as_str(), "merchant_user", json!(world.outdoor.tenant)),
    ];
    for (email, role, tenant) in expected {
        let answer = app.call(login(email, PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let body = answer.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
        assert_eq!((&body["user"]["email"], &body["user"]["role"]), (&json!(email), &json!(role)));
        assert_eq!(body["user"]["tenant"], tenant);
        assert!(answer.headers.get("set-cookie").is_none(), "a script gets no cookie");
        let me = app.fetch(body["access_token"].as_str().unwrap(), "/api/v1/auth/me").await;
        assert_eq!(me, body["user"]);
    }
}

#[actix_web::test]
async fn the_case_and_the_blanks_around_an_email_do_not_matter() {
    let app = TestApp::start().await;
    World::create(&app).await;
    assert_eq!(app.call(login(" Admin@Storewire.TEST ", PASSWORD)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn wrong_unknown_disabled_and_roleless_logins_get_one_and_the_same_answer() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let hash = password::hash(PASSWORD).unwrap();
    seed::person(app.db.db(), "roleless@storewire.test", &hash, None).await;
    let admin = app.db.admin().await.unwrap();
    let disable = "UPDATE app_user SET disabled_at = now() WHERE email = $1";
    assert_eq!(admin.execute(disable, &[&STAFF]).await.unwrap(), 1);

    let mut answers = Vec::new();
    let tries = [
        (ADMIN, "wrong horse battery"),
        (ADMIN, ""),
        ("nobody@storewire.test", PASSWORD),
        (STAFF, PASSWORD),
        ("roleless@storewire.test", PASSWORD),
        ("", PASSWORD),
        ("nul\u{0}@storewire.test", PASSWORD),
    ];
    for (email, password) in tries {
        let answer = app.call(login(email, password)).await;
        answer.assert_problem(401, "wrong_password");
        answers.push(answer.text);
    }
    let long = app.call(login(&"x".repeat(100_000), &"y".repeat(100_000))).await;
    long.assert_problem(401, "wrong_password");
    answers.push(long.text);
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[actix_web::test]
async fn an_unknown_email_costs_a_hash_like_a_known_one() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let fastest = async |prefix: &str| {
        let mut fastest = Duration::MAX;
        for n in 0..4_u8 {
            let email = if prefix.is_empty() { ADMIN.to_owned() } else { format!("{prefix}{n}@storewire.test") };
            let request = login(&email, "wrong horse battery").peer_addr(peer(n));
            let started = std::time::Instant::now();
            app.call(request).await.assert_problem(401, "wrong_password");
            fastest = fastest.min(started.elapsed());
        }
        fastest
    };
    let known = fastest("").await;
    let unknown = fastest("nobody").await;
    assert!(unknown * 2 > known, "unknown {unknown:?}, known {known:?}");
}

#[actix_web::test]
async fn guessing_is_slowed_and_the_owner_gets_in_again_after_the_delay() {
    let app = TestApp::start().await;
    World::create(&app).await;
    for _ in 0..5 {
        app.call(login(ADMIN, "wrong horse battery")).await.assert_problem(401, "wrong_password");
    }
    let slowed = app.call(login(ADMIN, PASSWORD)).await;
    slowed.assert_problem(429, "too_many_requests");
    let seconds: u64 = slowed.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    // Another address is not held up by it, and neither is another account.
    assert_eq!(app.call(login(ADMIN, PASSWORD).peer_addr(peer(2))).await.status, StatusCode::OK);
    assert_eq!(app.call(login(STAFF, PASSWORD)).await.status, StatusCode::OK);
    app.clock.advance(Duration::from_secs(seconds));
    assert_eq!(app.call(login(ADMIN, PASSWORD)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_stranger_cannot_escape_the_delay_by_inventing_addresses() {
    let app = TestApp::start().await;
    World::create(&app).await;
    for n in 0..5 {
        let forged = login(ADMIN, "wrong horse battery").insert_header(("x-forwarded-for", format!("9.9.9.{n}")));
        app.call(forged).await.assert_problem(401, "wrong_password");
    }
    let forged = login(ADMIN, PASSWORD).insert_header(("x-forwarded-for", "9.9.9.99"));
    app.call(forged).await.assert_problem(429, "too_many_requests");
}

#[actix_web::test]
async fn a_hash_of_old_cost_is_renewed_by_the_next_login() {
    let app = TestApp::start().await;
    // argon2id with 8 MiB and one pass, of the password in `seed`.
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let old = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let phc = argon2::PasswordHasher::hash_password(&old, PASSWORD.as_bytes()).unwrap().to_string();
    seed::person(app.db.db(), ADMIN, &phc, Some(storewire_domain::PlatformRole::Admin)).await;
    assert_eq!(app.call(login(ADMIN, PASSWORD)).await.status, StatusCode::OK);
    let admin = app.db.admin().await.unwrap();
    let row = admin.query_one("SELECT password_hash FROM app_user WHERE email = $1", &[&ADMIN]).await.unwrap();
    let renewed: String = row.get(0);
    assert!(!password::needs_rehash(&renewed), "{renewed}");
    assert_eq!(app.call(login(ADMIN, PASSWORD)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn without_a_database_a_login_is_told_to_come_back() {
    let app = TestApp::start().await;
    app.state.db.close();
    let answer = app.call(login(ADMIN, PASSWORD)).await;
    answer.assert_problem(503, "unavailable");
    assert!(answer.header("retry-after").is_some());
}
