//! Stock in the matrix: everybody looks, staff write, a merchant's admin sets levels.

use bytes::Bytes;
use serde_json::{Value, json};
use storewire_actors::Hand;
use storewire_domain::RoleClass;
use uuid::Uuid;

use super::{Role, Scene};
use crate::{app::TestApp, seed::World};

/// A file of counts of the coffee merchant's, looked at by staff.
pub(super) async fn preview(app: &TestApp, world: &World) -> Uuid {
    let by = Hand { user: world.staff, name: "A Person".to_owned(), class: RoleClass::Staff };
    let at = (world.coffee.tenant, world.coffee.store);
    let file = Bytes::from("sku,stock\nP-1,20\n");
    app.state.engine.desk().preview(Uuid::now_v7(), by, at, "counts.csv".to_owned(), file).await.unwrap().id
}

/// Which of the scene's records an address means.
pub(super) fn record(scene: &Scene, path: &str) -> Option<Uuid> {
    path.contains("/inventory/imports/").then_some(scene.import)
}

/// A body that could be meant.
pub(super) fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    let store = scene.world.coffee.store;
    match (method, path) {
        ("patch", "/inventory/{id}") => Some(json!({"change": "+3", "reason": "found behind the shelf"})),
        ("put", "/inventory/{id}/threshold") => Some(json!({"level": "5"})),
        ("post", "/inventory/imports") => {
            Some(json!({"store_id": store, "name": "counts.csv", "csv": "sku,stock\nP-1,7\n"}))
        }
        _ => None,
    }
}

/// Whether a role may; `None` for what is not about stock.
pub(super) fn may(role: Role, method: &str, rest: &str) -> Option<bool> {
    let is_staff = matches!(role, Role::Admin | Role::Staff);
    if rest.starts_with("inventory/imports") {
        return Some(is_staff);
    }
    match (method, rest) {
        ("get", "inventory" | "inventory/{id}" | "inventory/{id}/moves") => Some(true),
        ("put", "inventory/{id}/threshold") => Some(is_staff || role == Role::MerchantAdmin),
        ("patch", "inventory/{id}") => Some(is_staff),
        _ => None,
    }
}
