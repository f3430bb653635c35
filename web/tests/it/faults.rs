//! Faults of the product that went before, each shown not to be ours.

mod audited;
mod literal;
mod shared;

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::{
    app::{HOST, TestApp, bearer, get, peer, post},
    panel::{log_in, open},
    seed::{ADMIN, PASSWORD, STAFF, World},
};

/// Lists of the API and of the panel that both staff and merchants read.
const LISTS: [&str; 9] = [
    "/api/v1/orders",
    "/api/v1/products",
    "/api/v1/customers",
    "/api/v1/inventory",
    "/api/v1/inventory/approvals",
    "/api/v1/stores",
    "/api/v1/returns",
    "/api/v1/support/tickets",
    "/api/v1/orders/stats",
];
const PAGES: [&str; 7] = ["/orders", "/products", "/customers", "/inventory", "/requests", "/returns", "/support"];

fn described() -> Value {
    serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap()
}

#[actix_web::test]
async fn fault_16_nobody_registers_themselves_or_names_their_role_or_tenant() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let user = app.log_in(&world.coffee.user).await;
    let wish = json!({"email": "me@evil.test", "password": PASSWORD, "role": "platform_admin"});
    for path in ["/api/v1/auth/register", "/api/v1/auth/signup", "/api/v1/users", "/register", "/signup", "/users"] {
        let strange = app.call(post(path).set_json(&wish)).await;
        assert!(matches!(strange.status.as_u16(), 401 | 403 | 404), "{path}: {}", strange.status);
        let known = app.call(post(path).insert_header(bearer(&user)).set_json(&wish)).await;
        assert!(matches!(known.status.as_u16(), 403 | 404), "{path}: {}", known.status);
    }
    for path in described()["paths"].as_object().unwrap().keys() {
        assert!(!["register", "signup", "users", "tenants"].iter().any(|word| path.contains(word)), "{path}");
    }
    let admin = app.db.admin().await.unwrap();
    let people: i64 = admin.query_one("SELECT count(*) FROM app_user", &[]).await.unwrap().get(0);

    for (name, value) in
        [("role", "platform_admin"), ("tenant_id", "01900000-0000-7000-8000-000000000001"), ("is_staff", "true")]
    {
        let login = json!({"email": world.coffee.user, "password": PASSWORD, name: value});
        app.call(post("/api/v1/auth/login").set_json(&login)).await.assert_problem(422, "invalid_body");
        let path = format!("/api/v1/orders?{name}={value}");
        app.call(get(&path).insert_header(bearer(&user))).await.assert_problem(400, "bad_request");
        let me = TestRequest::get().uri("/api/v1/auth/me").peer_addr(peer(1)).insert_header(("host", HOST));
        let told = app.call(me.insert_header(bearer(&user)).insert_header((format!("x-{name}"), value))).await.json();
        assert!(!told.to_string().contains("platform"), "{told}");
    }
    let now: i64 = admin.query_one("SELECT count(*) FROM app_user", &[]).await.unwrap().get(0);
    assert_eq!(now, people);
}

#[actix_web::test]
async fn fault_18_no_list_shows_another_merchants_rows_whoever_asked_before() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    for merchant in [&world.coffee, &world.outdoor] {
        let order = merchant.sell(&app, 1).await[0];
        merchant.stock(&app, 1).await;
        merchant.greet(&app).await;
        merchant.ask(&app, order).await;
    }
    let of = |token: &str, path: &str| get(path).insert_header(bearer(token));
    let (admin, staff) = (app.log_in(ADMIN).await, app.log_in(STAFF).await);
    let theirs = app.log_in(&world.outdoor.admin).await;
    let (ours, foreign) = (world.outdoor.store.to_string(), world.coffee.store.to_string());
    for path in LISTS {
        // The same address, at the same moment and afterwards.
        let (all, own, some) =
            tokio::join!(app.call(of(&admin, path)), app.call(of(&theirs, path)), app.call(of(&staff, path)));
        let again = app.call(of(&theirs, path)).await;
        for answer in [&all, &some] {
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
        }
        let knows_stores = !matches!(path, "/api/v1/returns" | "/api/v1/support/tickets");
        if knows_stores {
            assert!(all.text.contains(&foreign) && all.text.contains(&ours), "{path} shows staff both: {}", all.text);
        }
        for answer in [&own, &again] {
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
            assert!(!answer.text.contains(&foreign) && !answer.text.contains("coffee"), "{path}: {}", answer.text);
            assert!(!knows_stores || answer.text.contains(&ours), "{path} shows them their own: {}", answer.text);
        }
    }
    let (staff, theirs) = (log_in(&app, STAFF).await, log_in(&app, &world.outdoor.admin).await);
    for path in PAGES {
        let (all, own) = tokio::join!(open(&app, &staff, path), open(&app, &theirs, path));
        let again = open(&app, &theirs, path).await;
        assert!(all.status.is_success(), "{path}");
        for page in [&own, &again] {
            assert!(page.status.is_success() && !page.text.contains("coffee"), "{path}: {}", page.text);
        }
    }
}
