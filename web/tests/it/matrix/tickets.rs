//! The ticket of the scene, with its file, and who may do what in support: all talk, staff see to it.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use storewire_domain::OrderId;
use uuid::Uuid;

use super::{Role, Scene};
use crate::{
    app::{TestApp, bearer, post},
    seed::World,
};

/// Opened by the merchant's user about the order.
pub struct Opened {
    pub ticket: Uuid,
    /// Which its first message carries.
    pub file: Uuid,
}

pub async fn opened(app: &TestApp, world: &World, order: OrderId) -> Opened {
    let token = app.log_in(&world.coffee.user).await;
    let upload = post("/api/v1/attachments?name=list.txt").insert_header(bearer(&token)).set_payload("two boxes");
    let file = app.call(upload).await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text);
    let file: Uuid = file.json()["id"].as_str().unwrap().parse().unwrap();
    let about = json!({"kind": "order", "id": order});
    let (store, files) = (world.coffee.store, [file]);
    let wish =
        json!({"store_id": store, "subject": "Wet", "text": "see the list", "about": about, "attachments": files});
    let opened = app.call(post("/api/v1/support/tickets").insert_header(bearer(&token)).set_json(wish)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.text);
    Opened { ticket: opened.json()["id"].as_str().unwrap().parse().unwrap(), file }
}

pub fn record(scene: &Scene, path: &str) -> Option<Uuid> {
    match path.split('/').nth(3) {
        Some("support") => Some(scene.opened.ticket),
        Some("attachments") => Some(scene.opened.file),
        _ => None,
    }
}

pub fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("post", "/support/tickets") => {
            Some(json!({"store_id": scene.world.coffee.store, "subject": "hello", "text": "hello"}))
        }
        ("patch", "/support/tickets/{id}") => Some(json!({"priority": "high"})),
        ("post", "/support/tickets/{id}/messages" | "/support/tickets/{id}/notes") => Some(json!({"text": "hello"})),
        ("post", "/support/tickets/{id}/actions") => Some(json!({"action": "resync"})),
        _ => None,
    }
}

pub fn may(role: Role, method: &str, rest: &str) -> Option<bool> {
    let is_staff = matches!(role, Role::Admin | Role::Staff);
    match (method, rest) {
        ("patch", "support/tickets/{id}") | ("post", "support/tickets/{id}/notes" | "support/tickets/{id}/actions") => {
            Some(is_staff)
        }
        (_, rest) if rest.starts_with("support/") || rest.starts_with("attachments") => Some(true),
        _ => None,
    }
}
