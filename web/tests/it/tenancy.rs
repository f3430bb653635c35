//! Who sees what: a foreign id is 404 like one that never was, for every role and route.

use actix_web::http::StatusCode;
use serde_json::Value;
use storewire_db::identity;
use storewire_domain::{OrderId, ProductId, StoreId};

use crate::{
    app::{Answer, TestApp, bearer, get, post},
    seed::{ADMIN, STAFF, World},
};

/// One record of every kind, and the world they are in.
struct Scene {
    app: TestApp,
    world: World,
    order: OrderId,
    product: ProductId,
}

impl Scene {
    /// What is asked about belongs to the coffee merchant; the outdoor merchant has its own.
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let order = world.coffee.sell(&app, 2).await[0];
        let product = world.coffee.stock(&app, 2).await[0];
        world.outdoor.sell(&app, 1).await;
        world.outdoor.stock(&app, 1).await;
        Self { app, world, order, product }
    }

    fn paths(&self) -> [String; 3] {
        let store = self.world.coffee.store;
        [
            format!("/api/v1/orders/{}", self.order),
            format!("/api/v1/products/{}", self.product),
            format!("/api/v1/stores/{store}"),
        ]
    }

    async fn ask(&self, token: &str, path: &str) -> Answer {
        self.app.call(get(path).insert_header(bearer(token))).await
    }

    async fn count(&self, token: &str, list: &str) -> usize {
        self.app.fetch(token, &format!("/api/v1/{list}")).await["items"].as_array().unwrap().len()
    }
}

#[actix_web::test]
async fn each_reader_sees_the_own_and_a_foreign_id_looks_like_none() {
    let scene = Scene::start().await;
    for (email, sees) in [
        (ADMIN, true),
        (STAFF, true),
        (scene.world.coffee.admin.as_str(), true),
        (scene.world.coffee.user.as_str(), true),
        (scene.world.outdoor.admin.as_str(), false),
        (scene.world.outdoor.user.as_str(), false),
    ] {
        let token = scene.app.log_in(email).await;
        for path in scene.paths() {
            let answer = scene.ask(&token, &path).await;
            if sees {
                assert_eq!(answer.status, StatusCode::OK, "{email} {path}");
                continue;
            }
            answer.assert_problem(404, "not_found");
            let (head, _) = path.rsplit_once('/').unwrap();
            for never in [OrderId::fresh().to_string(), "1".to_owned(), "no-id".to_owned()] {
                let nothing = scene.ask(&token, &format!("{head}/{never}")).await;
                assert_eq!(nothing.text, answer.text, "a foreign id can be told from none");
            }
        }
    }
}

#[actix_web::test]
async fn lists_hold_the_own_rows_only_whatever_is_asked_for() {
    let scene = Scene::start().await;
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert_eq!(scene.count(&outdoor, "orders").await, 1);
    assert_eq!(scene.count(&outdoor, "products").await, 1);
    assert_eq!(scene.count(&outdoor, "stores").await, 1);
    let foreign = scene.world.coffee.store;
    assert_eq!(scene.count(&outdoor, &format!("orders?store={foreign}")).await, 0);
    assert_eq!(scene.count(&outdoor, &format!("products?store={foreign}")).await, 0);
    let admin = scene.app.log_in(ADMIN).await;
    assert_eq!(scene.count(&admin, "orders").await, 3);
    assert_eq!(scene.count(&admin, "stores").await, 2);
}

#[actix_web::test]
async fn a_mark_from_one_tenants_list_opens_nothing_of_it_to_another() {
    let scene = Scene::start().await;
    let coffee = scene.app.log_in(&scene.world.coffee.admin).await;
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    let mark = scene.app.fetch(&coffee, "/api/v1/orders?limit=1").await["next"].as_str().unwrap().to_owned();
    let page = scene.app.fetch(&outdoor, &format!("/api/v1/orders?after={mark}")).await;
    for item in page["items"].as_array().unwrap() {
        assert_eq!(item["store_id"], scene.world.outdoor.store.to_string());
    }
}

#[actix_web::test]
async fn staff_who_keep_one_store_see_that_one() {
    let scene = Scene::start().await;
    let tx = scene.app.db.db().tenant(scene.world.outdoor.tenant).await.unwrap();
    identity::assign_staff(&tx, scene.world.staff, scene.world.outdoor.store).await.unwrap();
    tx.commit().await.unwrap();
    let staff = scene.app.log_in(STAFF).await;
    assert_eq!(scene.count(&staff, "orders").await, 1);
    assert_eq!(scene.count(&staff, "products").await, 1);
    assert_eq!(scene.count(&staff, "stores").await, 1);
    for path in scene.paths() {
        scene.ask(&staff, &path).await.assert_problem(404, "not_found");
    }
    let sync = format!("/api/v1/stores/{}/sync", scene.world.coffee.store);
    scene.app.call(post(&sync).insert_header(bearer(&staff))).await.assert_problem(404, "not_found");
}

#[actix_web::test]
async fn a_merchant_is_told_nothing_of_a_stores_troubles() {
    let scene = Scene::start().await;
    let admin = scene.app.db.admin().await.unwrap();
    let trouble =
        "UPDATE store SET state = 'needs_attention', state_reason = 'auth_failed', last_error = 'a secret trouble'";
    admin.batch_execute(trouble).await.unwrap();
    let merchant = scene.app.log_in(&scene.world.coffee.admin).await;
    let store = scene.world.coffee.store;
    let listed = scene.app.fetch(&merchant, "/api/v1/stores").await["items"][0].clone();
    let shown = scene.app.fetch(&merchant, &format!("/api/v1/stores/{store}")).await;
    for found in [listed, shown] {
        let mut names: Vec<&String> = found.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["as_of", "currency", "id", "is_stale", "name"]);
    }
    let staff = scene.app.log_in(STAFF).await;
    let shown = scene.app.fetch(&staff, &format!("/api/v1/stores/{store}")).await;
    assert_eq!(shown["last_error"], "a secret trouble");
    assert_eq!(shown["state"], "needs_attention");
}

#[actix_web::test]
async fn a_store_id_in_the_wrong_place_is_nothing() {
    let scene = Scene::start().await;
    let admin = scene.app.log_in(ADMIN).await;
    let unknown: Value = scene.ask(&admin, &format!("/api/v1/stores/{}", StoreId::fresh())).await.json();
    assert_eq!(unknown["code"], "not_found");
}
