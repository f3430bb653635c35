//! What merchants and staff decide together, as both meet it.

mod beside;
mod faults;
mod files;
mod letters;
mod merges;
mod notes;
mod orders;
mod owners;
mod panel;
mod placed;
mod products;
mod requests;
mod returns;
mod stock;
mod support;
mod tickets;
mod wishes;

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer},
    seed::{ADMIN, STAFF, World},
};

const APPROVALS: &str = "/api/v1/inventory/approvals";

/// Two merchants with a product each, of which they count one; a token for everybody.
struct Scene {
    app: TestApp,
    world: World,
    /// The coffee merchant's.
    product: String,
    user: String,
    owner: String,
    staff: String,
    admin: String,
}

/// A call and what goes with it.
struct Call<'a> {
    token: &'a str,
    version: Option<&'a str>,
    key: Option<&'a str>,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let product = world.coffee.stock(&app, 1).await[0].to_string();
        let user = app.log_in(&world.coffee.user).await;
        let owner = app.log_in(&world.coffee.admin).await;
        let (staff, admin) = (app.log_in(STAFF).await, app.log_in(ADMIN).await);
        Self { app, world, product, user, owner, staff, admin }
    }

    async fn send(&self, by: Call<'_>, method: Method, path: &str, body: &Value) -> Answer {
        let request = TestRequest::default().method(method).uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        let mut request = request.insert_header(bearer(by.token)).set_json(body);
        if let Some(version) = by.version {
            request = request.insert_header(("if-match", version.to_owned()));
        }
        if let Some(key) = by.key {
            request = request.insert_header(("idempotency-key", key.to_owned()));
        }
        self.app.call(request).await
    }

    async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(Call { token, version: None, key: None }, Method::POST, path, body).await
    }

    /// Asks for so many of the product.
    async fn ask(&self, token: &str, quantity: u32) -> Value {
        let wish = json!({"entity_id": self.product, "stock_quantity": quantity.to_string(), "note": "a pallet came"});
        made(&self.post(token, APPROVALS, &wish).await)
    }

    async fn decide(&self, token: &str, request: &Value, body: &Value) -> Answer {
        let version = request["version"].to_string();
        let by = Call { token, version: Some(&version), key: None };
        self.send(by, Method::PATCH, href(request), body).await
    }

    async fn withdraw(&self, token: &str, request: &Value) -> Answer {
        let version = request["version"].to_string();
        let by = Call { token, version: Some(&version), key: None };
        self.send(by, Method::POST, &format!("{}/withdraw", href(request)), &json!({})).await
    }

    async fn numbers(&self, token: &str, query: &str) -> Vec<String> {
        let page = self.app.fetch(token, &format!("{APPROVALS}{query}")).await;
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| format!("{} R-{}", item["store_name"].as_str().unwrap(), item["number"])).collect()
    }

    async fn intents(&self) -> usize {
        self.app.fetch(&self.staff, "/api/v1/intents").await["items"].as_array().unwrap().len()
    }

    /// As if the store had told of a sale.
    async fn sell(&self, request: &Value) {
        let sale = "UPDATE request SET current = '{\"stock_quantity\": \"0\"}', stale_at = now(), version = version + 1 WHERE id = $1::text::uuid";
        let id = request["id"].as_str().unwrap();
        assert_eq!(self.app.db.admin().await.unwrap().execute(sale, &[&id]).await.unwrap(), 1);
    }
}

fn approve() -> Value {
    json!({"decision": "approve"})
}

fn reject() -> Value {
    json!({"decision": "reject", "reason": "there is no pallet"})
}

fn made(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let made = answer.json();
    assert_eq!(answer.header("location"), made["href"].as_str());
    made
}

fn done(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

fn href(request: &Value) -> &str {
    request["href"].as_str().unwrap()
}
