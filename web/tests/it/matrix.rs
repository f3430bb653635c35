//! Every documented route against every role, taken from the description itself, so that a route cannot be forgotten.

mod foreign;
mod forms;
mod g6;
mod keys;
mod letters;
mod mounted;
mod orders;
mod panel;
mod placed;
mod products;
mod returns;
mod stock;
mod tickets;

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
const ELSEWHERE: [&str; 7] = [
    "/api/v1/auth/login",
    "/api/v1/auth/logout",
    "/api/v1/auth/me",
    "/api/v1/live",
    "/api/v1/stores/test-connection",
    "POST /api/v1/stores",
    // It takes bytes.
    "POST /api/v1/attachments",
];

/// Records of stores, of which is said field by field what was seen.
const UNVERSIONED: [&str; 4] =
    ["/api/v1/orders/{id}", "/api/v1/products/{id}", "/api/v1/inventory/{id}", "/api/v1/customers/{id}"];

/// A world with one record of every kind, all of the coffee merchant.
struct Scene {
    app: TestApp,
    world: World,
    order: Uuid,
    product: Uuid,
    /// Variable.
    shirt: Uuid,
    customer: Uuid,
    delivery: Uuid,
    intent: Uuid,
    /// Asked for by the merchant's user.
    request: Uuid,
    /// Looked at by staff.
    import: Uuid,
    letter: Uuid,
    returned: Uuid,
    /// Around the order.
    around: orders::Around,
    opened: tickets::Opened,
    /// Nobody's record: it belongs to the platform.
    rehearsal: Uuid,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let order = world.coffee.sell(&app, 1).await[0];
        let product = world.coffee.stock(&app, 1).await[0].uuid();
        let shirt = products::shirt(&app, &world).await;
        let customer = world.coffee.greet(&app).await;
        let delivery = world.coffee.bury(&app, "undecodable").await.uuid();
        let intent = world.coffee.want(&app, world.staff, order).await;
        let request = world.coffee.ask(&app, order).await;
        let import = stock::preview(&app, &world).await;
        let letter = letters::written(&app, &world, request).await;
        let returned = returns::opened(&app, &world, order).await;
        let around = orders::Around::create(&app, &world, order.uuid()).await;
        let opened = tickets::opened(&app, &world, order).await;
        world.coffee.treat_gently(&app).await;
        let rehearsal = rehearsals::over(&app, &world).await.uuid();
        Self {
            app,
            world,
            order: order.uuid(),
            product,
            shirt,
            customer,
            delivery,
            intent,
            request,
            import,
            letter,
            returned,
            around,
            opened,
            rehearsal,
        }
    }

    /// From now on the member of the staff keeps the other merchant's store only.
    async fn give_staff_the_other_store(&self) {
        let outdoor = &self.world.outdoor;
        let tx = self.app.db.db().tenant(outdoor.tenant).await.unwrap();
        identity::assign_staff(&tx, self.world.staff, outdoor.store).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The address of the coffee merchant's own record.
    fn address(&self, path: &str) -> String {
        if let Some(address) = placed::address(self, path) {
            return address;
        }
        if let Some(address) = orders::address(self, path) {
            return address;
        }
        if let Some(id) =
            stock::record(self, path).or_else(|| letters::record(self, path)).or_else(|| returns::record(self, path))
        {
            return path.replace("{id}", &id.to_string());
        }
        if let Some(id) = products::record(self, path) {
            return path.replace("{id}", &id.to_string());
        }
        if let Some(id) = tickets::record(self, path) {
            return path.replace("{id}", &id.to_string());
        }
        let id = match path.split('/').nth(3).unwrap() {
            "inventory" if path.contains("/approvals/") => self.request,
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
        if let Some(body) = tickets::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = returns::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = letters::body(method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = stock::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = products::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = placed::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        if let Some(body) = orders::body(self, method, path.trim_start_matches("/api/v1")) {
            return Some(body);
        }
        match (method, path.trim_start_matches("/api/v1")) {
            ("get", _) => None,
            ("patch", "/orders/{id}") => Some(json!({"status": "completed", "expected": {"status": "processing"}})),
            ("patch", "/products/{id}") => Some(json!({"sale_price": "1.50", "expected": {"sale_price": null}})),
            ("patch" | "put", "/inventory/approvals/{id}") => Some(json!({"decision": "reject", "reason": "not now"})),
            ("post", "/inventory/approvals") => Some(json!({"entity_id": self.product, "stock_quantity": "7"})),
            ("post", "/inventory/approvals/{id}/comments") => Some(json!({"text": "hello"})),
            ("patch", "/customers/{id}") => {
                Some(json!({"fields": {"billing.city": "Ankara"}, "expected": {"billing.city": "Istanbul"}}))
            }
            ("patch", "/stores/{id}") => Some(json!({"freshness_goal_seconds": 600})),
            ("patch", "/stores/{id}/fields") => Some(json!({"fields": {"product.price": "last_writer"}})),
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
        let uri = letters::query(self, path).unwrap_or(uri).replace("{position}", "1");
        let request =
            TestRequest::default().method(method_of).uri(&uri).peer_addr(peer(1)).insert_header(("host", HOST));
        // Where a version is asked for it is that of a record that nobody touched.
        let request = request.insert_header(bearer(token));
        let request = if UNVERSIONED.contains(&path) { request } else { request.insert_header(("if-match", "\"1\"")) };
        let photos = returns::photos(self, token, path).await;
        let request = match photos.or_else(|| self.body(method, path)) {
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
    assert!(operations.len() >= 49, "{}", operations.len());
    operations
}

/// Whether a role may do this to records within its sight: the agreed table, in the words of the routes.
fn may(role: Role, method: &str, path: &str) -> bool {
    let rest = path.trim_start_matches("/api/v1/");
    let noun = rest.split('/').next().unwrap();
    if rest.starts_with("inventory/approvals") {
        return may_with_requests(role, method, rest);
    }
    if let Some(may) = returns::may(role, method, rest) {
        return may;
    }
    if let Some(may) = letters::may(role, rest) {
        return may;
    }
    if let Some(may) = stock::may(role, method, rest) {
        return may;
    }
    if let Some(may) = placed::may(role, method, rest) {
        return may;
    }
    if let Some(may) = orders::may(role, rest) {
        return may;
    }
    if let Some(may) = tickets::may(role, method, rest) {
        return may;
    }
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

/// Merchants ask, staff decide, both look and speak; a merchant's admin takes back.
fn may_with_requests(role: Role, method: &str, rest: &str) -> bool {
    let is_merchant = matches!(role, Role::MerchantAdmin | Role::MerchantUser);
    match (method, rest.rsplit('/').next().unwrap()) {
        ("get", _) | ("post", "comments") => true,
        ("post", "approvals") => is_merchant,
        ("post", "withdraw") => role == Role::MerchantAdmin,
        _ => !is_merchant,
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
                // A conflict, or another version, says that the record stands otherwise, not that this person may not.
                let stands_otherwise = [StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED];
                let is_heard = answer.status.is_success() || stands_otherwise.contains(&answer.status);
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
    scene.give_staff_the_other_store().await;
    let strangers = [scene.world.outdoor.admin.clone(), scene.world.outdoor.user.clone(), STAFF.to_owned()];
    for email in strangers {
        let token = scene.app.log_in(&email).await;
        for (method, path) in operations() {
            // Rehearsals are the platform's, and no one's secret among those who may rehearse.
            let names_a_record = path.contains("{id}") && !path.contains("/rehearsals/");
            let body = scene.body(&method, &path).unwrap_or_default();
            let names_one_in_its_body =
                ["store_id", "entity_id", "order_id"].iter().any(|name| body.get(name).is_some());
            if names_a_record || names_one_in_its_body {
                scene.ask(&token, &method, &path).await.assert_problem(404, "not_found");
            }
        }
    }
}

#[actix_web::test]
async fn lists_show_staff_who_keep_one_store_nothing_of_the_others() {
    let scene = Scene::start().await;
    scene.give_staff_the_other_store().await;
    let keeper = scene.app.log_in(STAFF).await;
    let admin = scene.app.log_in(ADMIN).await;
    for list in [
        "customers",
        "deliveries",
        "dead-letters",
        "dead-letters?group=cause",
        "intents",
        "inventory/approvals",
        "inventory",
        "inventory/imports",
        "returns",
        "support/tickets",
    ] {
        let count = async |token: &str| {
            scene.app.fetch(token, &format!("/api/v1/{list}")).await["items"].as_array().unwrap().len()
        };
        assert_eq!((count(&keeper).await, count(&admin).await), (0, 1), "{list}");
    }
}
