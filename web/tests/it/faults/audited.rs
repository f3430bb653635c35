//! Deeds and their proofs.

use std::time::Duration;

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, get, peer, post},
    seed::{ADMIN, STAFF, World},
};

const APPROVALS: &str = "/api/v1/inventory/approvals";
const TICKETS: &str = "/api/v1/support/tickets";
/// What a record's page calls the list of what happened to it.
const HISTORIES: [&str; 4] = ["timeline", "events", "messages", "notes"];

/// Somebody who does something.
struct Person {
    id: String,
    /// Their name too.
    email: String,
    token: String,
}

/// What somebody does, and where it has to be told.
struct Deed<'a> {
    by: &'a Person,
    method: Method,
    path: String,
    body: Value,
    /// What the audit keeps it with; nothing if that is yet to be made.
    entity: Option<String>,
    /// The record whose page tells of it; nothing if that is yet to be made.
    page: Option<String>,
    action: &'static str,
}

impl<'a> Deed<'a> {
    fn new(by: &'a Person, method: Method, path: impl Into<String>, body: Value, action: &'static str) -> Self {
        Self { by, method, path: path.into(), body, entity: None, page: None, action }
    }

    fn to(self, entity: &str, page: impl Into<String>) -> Self {
        Self { entity: Some(entity.to_owned()), page: Some(page.into()), ..self }
    }
}

/// Two orders, a product and a customer of the coffee merchant, and its people.
struct Scene {
    app: TestApp,
    world: World,
    orders: [String; 2],
    product: String,
    customer: String,
    user: Person,
    owner: Person,
    staff: Person,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let sold = world.coffee.sell(&app, 2).await;
        let product = world.coffee.stock(&app, 1).await[0].to_string();
        let customer = world.coffee.greet(&app).await.to_string();
        let admin = app.db.admin().await.unwrap();
        admin.execute("UPDATE app_user SET name = email", &[]).await.unwrap();
        let person = async |email: &str| {
            let sql = "SELECT id::text FROM app_user WHERE email = $1";
            let id = admin.query_one(sql, &[&email]).await.unwrap().get(0);
            Person { id, email: email.to_owned(), token: app.log_in(email).await }
        };
        let (user, owner, staff) =
            (person(&world.coffee.user).await, person(&world.coffee.admin).await, person(STAFF).await);
        Self { orders: [sold[0].to_string(), sold[1].to_string()], product, customer, user, owner, staff, world, app }
    }

    async fn make(&self, by: &Person, path: &str, body: &Value) -> String {
        let answer = self.app.call(post(path).insert_header(bearer(&by.token)).set_json(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, wish: Value) -> String {
        format!("{APPROVALS}/{}", self.make(&self.user, APPROVALS, &wish).await)
    }

    async fn open_ticket(&self) -> String {
        self.make(&self.user, TICKETS, &self.ticket()).await
    }

    fn ticket(&self) -> Value {
        json!({"store_id": self.world.coffee.store, "subject": "Wet", "text": "two boxes"})
    }

    fn returned(&self, order: &str) -> Value {
        json!({"order_id": order, "reason": "late", "items": [{"line": "1", "quantity": "1"}]})
    }

    async fn send(&self, deed: &Deed<'_>) -> Answer {
        let request = TestRequest::default().method(deed.method.clone()).uri(&deed.path).peer_addr(peer(1));
        let request = request.insert_header(("host", HOST)).insert_header(bearer(&deed.by.token));
        // Where a version is asked for it is that of a record that nobody touched.
        let is_versioned =
            ["/approvals/", "/tickets/", "/returns/", "/imports/"].iter().any(|of| deed.path.contains(of));
        let request = if is_versioned { request.insert_header(("if-match", "\"1\"")) } else { request };
        self.app.call(request.set_json(&deed.body)).await
    }

    /// How many entries of a record's page name this person.
    async fn told(&self, overseer: &str, page: &str, by: &Person) -> usize {
        let page = self.app.fetch(overseer, page).await;
        let entries = HISTORIES.iter().filter_map(|history| page.get(history)?.as_array()).flatten();
        entries.filter(|entry| entry["by"] == *by.email || entry["by_name"] == *by.email).count()
    }

    /// Deeds around orders, requests, tickets, returns, stock and tags.
    async fn deeds(&self) -> Vec<Deed<'_>> {
        let (user, owner, staff) = (&self.user, &self.owner, &self.staff);
        let (patch, put) = (Method::PATCH, Method::PUT);
        let deed = |by, path: &str, body, action| Deed::new(by, Method::POST, path, body, action);
        let product = &self.product;
        let [order, other] = &self.orders;
        let order_at = format!("/api/v1/orders/{order}");
        let product_at = format!("/api/v1/products/{product}");
        let counts_at = format!("/api/v1/inventory/{product}");
        let customer_at = format!("/api/v1/customers/{}", self.customer);
        let store = self.world.coffee.store.to_string();

        let discussed = self.ask(json!({"entity_id": product, "stock_quantity": "20"})).await;
        let approved = self.ask(json!({"entity_id": order, "order_note": "fragile"})).await;
        let rejected = self.ask(json!({"entity_id": product, "status": "draft"})).await;
        let withdrawn = self.ask(json!({"entity_id": product, "regular_price": "3"})).await;
        let (said, noted, closed) = (self.open_ticket().await, self.open_ticket().await, self.open_ticket().await);
        let ticket_at = |id: &str| format!("{TICKETS}/{id}");
        let returned = format!("/api/v1/returns/{}", self.make(staff, "/api/v1/returns", &self.returned(order)).await);
        let file = json!({"store_id": store, "name": "counts.csv", "csv": "sku,stock\nP-1,20\n"});
        let file = self.make(staff, "/api/v1/inventory/imports", &file).await;
        let bulk = json!({"orders": [{"id": order, "seen_status": "processing"}], "status": "completed"});
        let reject = json!({"decision": "reject", "reason": "no"});
        let text = || json!({"text": "hello"});

        vec![
            Deed::new(staff, patch.clone(), &*order_at, json!({"note": {"text": "packed"}}), "intent.propose")
                .to(order, &*order_at),
            deed(staff, &format!("{order_at}/charges"), json!({"label": "Wrapping", "amount": "1"}), "desk.charge")
                .to(order, &*order_at),
            deed(staff, &format!("{order_at}/shares"), json!({}), "order.share").to(order, &*order_at),
            deed(staff, "/api/v1/orders/bulk", bulk, "intent.propose").to(order, &*order_at),
            deed(user, APPROVALS, json!({"entity_id": product, "text": {"name": "Mug"}}), "request.ask")
                .to(product, &*product_at),
            deed(user, &format!("{discussed}/comments"), text(), "request.comment").to(product, &*product_at),
            Deed::new(staff, patch.clone(), &*approved, json!({"decision": "approve"}), "request.approve")
                .to(order, &*order_at),
            Deed::new(staff, patch.clone(), &*rejected, reject, "request.reject").to(product, &*product_at),
            deed(owner, &format!("{withdrawn}/withdraw"), json!({}), "request.withdraw").to(product, &*product_at),
            deed(user, TICKETS, self.ticket(), "ticket.open"),
            deed(staff, &format!("{}/messages", ticket_at(&said)), text(), "ticket.say").to(&said, ticket_at(&said)),
            deed(staff, &format!("{}/notes", ticket_at(&noted)), text(), "desk.note").to(&noted, ticket_at(&noted)),
            Deed::new(staff, patch.clone(), ticket_at(&closed), json!({"state": "closed"}), "ticket.close")
                .to(&closed, ticket_at(&closed)),
            Deed { entity: Some(other.clone()), ..deed(staff, "/api/v1/returns", self.returned(other), "return.open") },
            deed(staff, &format!("{returned}/comments"), text(), "return.comment").to(order, &*returned),
            Deed::new(staff, patch.clone(), &*returned, json!({"step": "accept"}), "return.accept")
                .to(order, &*returned),
            Deed::new(owner, put, format!("{counts_at}/threshold"), json!({"level": "5"}), "stock.level")
                .to(product, &*product_at),
            Deed::new(staff, patch, &*counts_at, json!({"change": "+3", "reason": "found"}), "intent.propose")
                .to(product, &*product_at),
            deed(staff, &format!("/api/v1/inventory/imports/{file}/write"), json!({}), "stock.import")
                .to(&store, &*product_at),
            deed(staff, &format!("{customer_at}/tags"), json!({"tag": "vip"}), "customer.tag")
                .to(&self.customer, &*customer_at),
        ]
    }
}

#[actix_web::test]
async fn fault_30_a_deed_without_its_audit_entry_does_not_happen_and_each_entry_names_who_did_it() {
    let scene = Scene::start().await;
    let deeds = scene.deeds().await;
    let admin = scene.app.db.admin().await.unwrap();
    let overseer = scene.app.log_in(ADMIN).await;

    admin.batch_execute("REVOKE INSERT ON audit FROM sw_tenant, sw_desk").await.unwrap();
    let before = scene.world.coffee.rows(&scene.app).await;
    for deed in &deeds {
        let answer = scene.send(deed).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}: {}", deed.action, answer.text);
    }
    assert_eq!(scene.world.coffee.rows(&scene.app).await, before, "what cannot be proven is not done");

    admin.batch_execute("GRANT INSERT ON audit TO sw_tenant").await.unwrap();
    for deed in &deeds {
        // A deed is told with the change of its moment.
        scene.app.clock.advance(Duration::from_secs(1));
        let told = match &deed.page {
            Some(page) => scene.told(&overseer, page, deed.by).await,
            None => 0,
        };
        let answer = scene.send(deed).await;
        assert!(answer.status.is_success(), "{}: {} {}", deed.action, answer.status, answer.text);
        let made = answer.json();
        let page = deed.page.as_deref().unwrap_or_else(|| made["href"].as_str().unwrap());
        assert!(scene.told(&overseer, page, deed.by).await > told, "{} is told on {page}", deed.action);
        let entity = deed.entity.as_deref().unwrap_or_else(|| made["id"].as_str().unwrap());
        let proofs = scene.app.fetch(&overseer, &format!("/api/v1/audit?entity={entity}&limit=200")).await;
        let proofs = proofs["items"].as_array().unwrap();
        let is_proof = |proof: &&Value| proof["action"] == deed.action && proof["user_id"] == *deed.by.id;
        assert!(proofs.iter().any(|proof| is_proof(&proof)), "{} by {} is in {proofs:?}", deed.action, deed.by.email);
    }
    // It is read where roles allow it: a merchant's admin finds what was done at their own, and nothing of staff's own work.
    let theirs = scene.app.fetch(&scene.owner.token, "/api/v1/audit?limit=200").await.to_string();
    assert!(theirs.contains("\"request.approve\"") && theirs.contains("\"customer.tag\""), "{theirs}");
    assert!(!theirs.contains("\"desk."), "{theirs}");
    let nobody = get("/api/v1/audit").insert_header(bearer(&scene.user.token));
    scene.app.call(nobody).await.assert_problem(403, "forbidden");
}
