//! One record of every kind that people work with, for a merchant of the world: a customer, an intent, deliveries, what was given up on.

use std::time::Duration;

use actix_web::http::StatusCode;
use serde_json::json;
use storewire_actors::Proposal;
use storewire_db::{
    budgets::{self, Breaker, Budget},
    customers,
    dead_letters::{self, NewDeadLetter},
    inbox::{self, NewDelivery, Verdict},
};
use storewire_domain::{Address, Customer, DeliveryId, Edit, OrderId, RemoteId, UserId};
use uuid::Uuid;

use crate::{
    app::{TestApp, bearer, post},
    seed::{Merchant, SENT},
};

impl Merchant {
    /// Saves a customer.
    pub async fn greet(&self, app: &TestApp) -> Uuid {
        let id = Uuid::now_v7();
        let customer = Customer {
            remote_id: RemoteId::from(5),
            email: "ayse@example.test".to_owned(),
            first_name: "Ayşe".to_owned(),
            last_name: "Yılmaz".to_owned(),
            username: "ayse".to_owned(),
            role: "customer".to_owned(),
            created_at: Some(app.clock.now()),
            modified_at: Some(app.clock.now()),
            billing: Address { city: "Istanbul".to_owned(), ..Address::default() },
            shipping: Address::default(),
        };
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        customers::upsert(&tx, self.store, id, &customer, SENT, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Has somebody want a note on an order.
    pub async fn want(&self, app: &TestApp, by: UserId, order: OrderId) -> Uuid {
        let wish = Proposal {
            tenant: self.tenant,
            store: self.store,
            entity: order.uuid(),
            edit: Edit::OrderNote { text: "packed".to_owned(), for_customer: false },
            by,
            expected: None,
            note: None,
        };
        app.state.engine.propose(wish).await.unwrap().id
    }

    /// The merchant's user asks for a note on an order.
    pub async fn ask(&self, app: &TestApp, order: OrderId) -> Uuid {
        let token = app.log_in(&self.user).await;
        let wish = json!({"entity_id": order, "order_note": "fragile"});
        let request = post("/api/v1/inventory/approvals").insert_header(bearer(&token)).set_json(wish);
        let answer = app.call(request).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().parse().unwrap()
    }

    /// Stores a delivery and gives it up at once.
    pub async fn bury(&self, app: &TestApp, cause: &'static str) -> DeliveryId {
        let (id, now) = (DeliveryId::fresh(), app.clock.now());
        let delivery = NewDelivery {
            id,
            tenant_id: self.tenant,
            store_id: self.store,
            received_at: now,
            topic: "order.updated".to_owned(),
            webhook_id: "1".to_owned(),
            delivery_id: "d".to_owned(),
            source: "https://coffee.example/".to_owned(),
            body: b"{\"id\":".to_vec(),
            body_sha256: [0; 32],
        };
        let tx = app.db.db().intake().await.unwrap();
        inbox::insert(&tx, &[delivery]).await.unwrap();
        tx.commit().await.unwrap();
        let letter = NewDeadLetter {
            id: id.uuid(),
            origin: "delivery",
            topic: "order.updated",
            remote_id: None,
            cause,
            reason: "cut off".to_owned(),
            body: b"{\"id\":".to_vec(),
            received_at: now,
        };
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        inbox::mark(&tx, &[(id, now, Verdict::Dead("cut off".to_owned()))], now).await.unwrap();
        dead_letters::insert(&tx, self.store, &letter, now).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Writes down how gently the store is treated.
    pub async fn treat_gently(&self, app: &TestApp) {
        let budget = Budget {
            request_interval: Duration::from_millis(500),
            reason: "slow_answers".to_owned(),
            page_size: 50,
            latency: Some(Duration::from_secs(3)),
            breaker: Breaker::Closed,
            rests_until: None,
            slower_until: None,
            failures: 0,
            requests: 17,
            updated_at: app.clock.now(),
        };
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        budgets::save(&tx, self.store, &budget).await.unwrap();
        tx.commit().await.unwrap();
    }
}
