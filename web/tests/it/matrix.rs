//! Every documented route against every role, taken from the description itself, so that a route cannot be forgotten.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};
use storewire_db::identity;
use utoipa::OpenApi;
use uuid::Uuid;

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer},
    rehearsals,
    seed::{ADMIN, STAFF, World},
};

/// Who one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Admin,
    Staff,
    MerchantAdmin,
    MerchantUser,
}

/// Routes that belong to nobody's records: what they need is asked elsewhere.
const ELSEWHERE: [&str; 6] = [
    "/api/v1/auth/login",
    "/api/v1/auth/logout",
    "/api/v1/auth/me",
    "/api/v1/live",
    "/api/v1/stores/test-connection",
    "POST /api/v1/stores",
];

/// A world with one record of every kind, all of the coffee merchant.
struct Scene {
    app: TestApp,
    world: World,
    order: Uuid,
    product: Uuid,
    customer: Uuid,
    delivery: Uuid,
    intent: Uuid,
    /// Nobody's record: it belongs to the platform.
    rehearsal: Uuid,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let order = world.coffee.sell(&app, 1).await[0];
        let product = world.coffee.stock(&app, 1).await[0].uuid();
        let customer = world.coffee.greet(&app).await;
        let delivery = world.coffee.bury(&app, "undecodable").await.uuid();
        let intent = world.coffee.want(&app, world.staff, order).await;
        world.coffee.treat_gently(&app).await;
        let rehearsal = rehearsals::over(&app, &world).await.uuid();
        Self { app, world, order: order.uuid(), product, customer, delivery, intent, rehearsal }
    }

    /// The address of the coffee merchant's own record.
    fn address(&self, path: &str) -> String {
        let id = match path.split('/').nth(3).unwrap() {
            "orders" => self.order,
            "products" | "inventory" => self.product,
            "customers" => self.customer,
            "deliveries" | "dead-letters" => self.delivery,
            "intents" => self.intent,
            "stores" => self.world.coffee.store.uuid(),
            "rehearsals" => self.rehearsal,
            other => panic!("{other} has no record in this scene"),
        };
        path.replace("{id}", &id.to_string())
    }

    /// A body that could be meant; a new write must be given one here.
    fn body(&self, method: &str, path: &str) -> Option<Value> {
        let store = self.world.coffee.store;
        match (method, path.trim_start_matches("/api/v1")) {
            ("get", _) => None,
            ("patch", "/orders/{id}") => Some(json!({"status": "completed", "expected": {"status": "processing"}})),
            ("patch", "/products/{id}") => Some(json!({"sale_price": "1.50"})),
            ("patch", "/inventory/{id}") => Some(json!({"stock_quantity": "3"})),
            ("patch", "/customers/{id}") => Some(json!({"fields": {"billing.city": "Ankara"}})),
            ("patch", "/stores/{id}") => Some(json!({"freshness_goal_seconds": 600})),
            ("post", "/stores/{id}/sources") => Some(json!({"source": "https://www.coffee.example"})),
            ("post", "/deliveries/replay") => Some(json!({"store_id": store, "ids": [self.delivery]})),
            ("post", "/dead-letters/retry" | "/dead-letters/discard") => {
                Some(json!({"store_id": store, "cause": "undecodable"}))
            }
            ("post", "/rehearsals") => Some(json!({"factor": 2, "troubles": ["slow"]})),
            ("post", path) if path.contains("{id}") => Some(json!({})),
            other => panic!("{other:?} has no body in this test"),
        }
    }

    async fn ask(&self, token: &str, method: &str, path: &str) -> Answer {
        let method_of: Method = method.to_uppercase().parse().unwrap();
        let uri = if path.contains("{id}") { self.address(path) } else { path.to_owned() };
        let request =
            TestRequest::default().method(method_of).uri(&uri).peer_addr(peer(1)).insert_header(("host", HOST));
        let request = request.insert_header(bearer(token));
        let request = match self.body(method, path) {
            Some(body) => request.set_json(body),
            None => request,
        };
        self.app.call(request).await
    }
}

/// Every described operation on somebody's records: method and path.
fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let named = format!("{} {path}", method.to_uppercase());
            if path.starts_with("/api/v1")
                && !ELSEWHERE.contains(&path.as_str())
                && !ELSEWHERE.contains(&named.as_str())
            {
                operations.push((method.clone(), path.clone()));
            }
        }
    }
    assert!(operations.len() >= 43, "{}", operations.len());
    operations
}

/// Whether a role may do this to records within its sight: the agreed table, in the words of the routes.
fn may(role: Role, method: &str, path: &str) -> bool {
    let rest = path.trim_start_matches("/api/v1/");
    let noun = rest.split('/').next().unwrap();
    let is_plain_look = method == "get" && !rest.contains("{id}/");
    match role {
        Role::Admin => true,
        Role::Staff => {
            let is_setting = matches!(
                (method, rest),
                ("patch", "stores/{id}") | ("post", "stores/{id}/webhook-secret" | "stores/{id}/sources")
            );
            noun != "audit" && !is_setting
        }
        Role::MerchantAdmin | Role::MerchantUser => match noun {
            "orders" | "products" | "customers" | "stores" => is_plain_look,
            "audit" => role == Role::MerchantAdmin,
            _ => false,
        },
    }
}

#[actix_web::test]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let scene = Scene::start().await;
    let people = [
        (Role::MerchantUser, scene.world.coffee.user.clone()),
        (Role::MerchantAdmin, scene.world.coffee.admin.clone()),
        (Role::Staff, STAFF.to_owned()),
        (Role::Admin, ADMIN.to_owned()),
    ];
    for (role, email) in people {
        let token = scene.app.log_in(&email).await;
        for (method, path) in operations() {
            let answer = scene.ask(&token, &method, &path).await;
            if may(role, &method, &path) {
                // A conflict says that the store stands otherwise, not that this person may not.
                let is_heard = answer.status.is_success() || answer.status == StatusCode::CONFLICT;
                assert!(is_heard, "{role:?} {method} {path}: {} {}", answer.status, answer.text);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?} {method} {path}: {}", answer.text);
            }
        }
    }
}

#[actix_web::test]
async fn what_is_anothers_is_404_for_every_role_on_every_route_that_names_it() {
    let scene = Scene::start().await;
    // This member of the staff keeps the other store only.
    let tx = scene.app.db.db().tenant(scene.world.outdoor.tenant).await.unwrap();
    identity::assign_staff(&tx, scene.world.staff, scene.world.outdoor.store).await.unwrap();
    tx.commit().await.unwrap();
    let strangers = [scene.world.outdoor.admin.clone(), scene.world.outdoor.user.clone(), STAFF.to_owned()];
    for email in strangers {
        let token = scene.app.log_in(&email).await;
        for (method, path) in operations() {
            // Rehearsals are the platform's, and no one's secret among those who may rehearse.
            let names_a_record = path.contains("{id}") && !path.contains("/rehearsals/");
            let names_a_store = scene.body(&method, &path).is_some_and(|body| body.get("store_id").is_some());
            if names_a_record || names_a_store {
                scene.ask(&token, &method, &path).await.assert_problem(404, "not_found");
            }
        }
    }
}

#[actix_web::test]
async fn lists_show_staff_who_keep_one_store_nothing_of_the_others() {
    let scene = Scene::start().await;
    let tx = scene.app.db.db().tenant(scene.world.outdoor.tenant).await.unwrap();
    identity::assign_staff(&tx, scene.world.staff, scene.world.outdoor.store).await.unwrap();
    tx.commit().await.unwrap();
    let keeper = scene.app.log_in(STAFF).await;
    let admin = scene.app.log_in(ADMIN).await;
    for list in ["customers", "deliveries", "dead-letters", "dead-letters?group=cause", "intents"] {
        let count = async |token: &str| {
            scene.app.fetch(token, &format!("/api/v1/{list}")).await["items"].as_array().unwrap().len()
        };
        assert_eq!((count(&keeper).await, count(&admin).await), (0, 1), "{list}");
    }
}
