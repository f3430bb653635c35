//! `Idempotency-Key` on every write, taken from the description itself: it is described, and it is honoured.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::json;
use utoipa::OpenApi;

use super::{Role, Scene, UNVERSIONED, may, operations, returns};
use crate::{
    app::{Answer, HOST, bearer, peer},
    seed::ADMIN,
};

/// Writes that keep no answer, in the order of their letters.
const KEYLESS: [&str; 4] =
    ["/api/v1/auth/login", "/api/v1/auth/logout", "/api/v1/notices/read", "/api/v1/stores/test-connection"];
/// With what it clears go the keys that it was asked with.
const CLEARS: &str = "/api/v1/rehearsals/{id}/clear";
/// A repetition is not told the address again.
const SHARES: &str = "/api/v1/orders/{id}/shares";

impl Scene {
    async fn write(&self, token: &str, (method, path): (&str, &str), body: &str, key: &str) -> Answer {
        let method: Method = method.to_uppercase().parse().unwrap();
        let uri = if path.contains("{id}") { self.address(path) } else { path.to_owned() };
        let request = TestRequest::default().method(method).uri(&uri).peer_addr(peer(1)).insert_header(("host", HOST));
        let request = request.insert_header(bearer(token)).insert_header(("idempotency-key", key.to_owned()));
        let request = if UNVERSIONED.contains(&path) { request } else { request.insert_header(("if-match", "\"1\"")) };
        self.app.call(request.insert_header(("content-type", "application/json")).set_payload(body.to_owned())).await
    }
}

#[test]
fn every_described_write_says_that_it_takes_a_key() {
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let mut without = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let is_keyed = parameters.any(|parameter| parameter["name"] == "Idempotency-Key");
            assert!(!(is_keyed && method == "get"), "{path}: a look needs no key");
            if !is_keyed && method != "get" {
                without.push(path.as_str());
            }
        }
    }
    without.sort_unstable();
    assert_eq!(without, KEYLESS);
}

#[actix_web::test]
async fn every_described_write_is_answered_again_as_the_first_time_under_its_key() {
    let scene = Scene::start().await;
    let coffee = &scene.world.coffee;
    let mut people = Vec::new();
    for (role, email) in
        [(Role::Admin, ADMIN), (Role::MerchantAdmin, coffee.admin.as_str()), (Role::MerchantUser, coffee.user.as_str())]
    {
        people.push((role, scene.app.log_in(email).await));
    }
    let is_keyed = |path: &str| path != CLEARS && !KEYLESS.contains(&path);
    let writes = operations().into_iter().filter(|(method, path)| method != "get" && is_keyed(path));
    let (mut honoured, mut wrong) = (0, Vec::new());
    for (number, (method, path)) in writes.enumerate() {
        let (_, token) = people.iter().find(|(role, _)| may(*role, &method, &path)).unwrap();
        let photos = returns::photos(&scene, token, &path).await;
        let body = photos.or_else(|| scene.body(&method, &path)).unwrap_or_else(|| json!({})).to_string();
        let (which, key) = ((method.as_str(), path.as_str()), format!("write-{number}"));
        let first = scene.write(token, which, &body, &key).await;
        // A refusal is not kept.
        if !first.status.is_success() {
            continue;
        }
        honoured += 1;
        let again = scene.write(token, which, &body, &key).await;
        if again.status != first.status || (again.text != first.text && path != SHARES) {
            wrong.push(format!("{method} {path}: {} and then {} {}", first.status, again.status, again.text));
        }
        let other = scene.write(token, which, &format!("{body} "), &key).await;
        if other.status != StatusCode::UNPROCESSABLE_ENTITY || other.json()["code"] != "key_reused" {
            wrong.push(format!("{method} {path}: another request was answered {} {}", other.status, other.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(honoured > 25, "only {honoured} writes could be carried out");
}
