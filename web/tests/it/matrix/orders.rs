//! What staff do around orders, in the matrix: charges, links and changes of many are nobody else's.

use serde_json::{Value, json};
use storewire_actors::{
    Hand,
    desk::{AtOrder, BulkOrder, Charge},
};
use storewire_domain::{OrderId, RoleClass};
use uuid::Uuid;

use super::{Role, Scene};
use crate::{app::TestApp, seed::World};

/// Made by staff around one order of the coffee merchant's.
pub(super) struct Around {
    pub(super) bulk: Uuid,
    pub(super) charge: Uuid,
    pub(super) share: Uuid,
}

impl Around {
    pub(super) async fn create(app: &TestApp, world: &World, order: Uuid) -> Self {
        let by = || Hand { user: world.staff, name: "A Person".to_owned(), class: RoleClass::Staff };
        let (tenant, store, order) = (world.coffee.tenant, world.coffee.store, OrderId(order));
        let (at, desk, bulk) = (AtOrder { tenant, order }, app.state.engine.desk(), Uuid::now_v7());
        let wish = Charge { label: "Wrapping".to_owned(), amount: 3.into(), currency: None };
        let charge = desk.charge(Uuid::now_v7(), by(), at, wish).await.unwrap().id;
        let share = desk.share(Uuid::now_v7(), by(), at, 7).await.unwrap().0.id;
        let one = BulkOrder { tenant, store, order, seen: None };
        // No step of it: the row says so, and nothing is written.
        desk.change_orders(bulk, by(), vec![one], "pending".to_owned()).await.unwrap();
        Self { bulk, charge, share }
    }
}

/// Which of the scene's records an address means.
pub(super) fn address(scene: &Scene, path: &str) -> Option<String> {
    let around = &scene.around;
    if path.ends_with("/orders/bulk/{id}") {
        return Some(path.replace("{id}", &around.bulk.to_string()));
    }
    let path = path.replace("{charge}", &around.charge.to_string()).replace("{share}", &around.share.to_string());
    (path.contains("/charges") || path.contains("/shares")).then(|| path.replace("{id}", &scene.order.to_string()))
}

/// A body that could be meant.
pub(super) fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("post", "/orders/bulk") => {
            let one = json!({"id": scene.order, "seen_status": "processing"});
            Some(json!({"orders": [one], "status": "completed"}))
        }
        ("post", "/orders/{id}/charges") => Some(json!({"label": "Wrapping", "amount": "3"})),
        ("post", "/orders/{id}/shares") => Some(json!({"days": 7})),
        ("delete", path) if path.starts_with("/orders/") => Some(json!({})),
        _ => None,
    }
}

/// Whether a role may; `None` for what is not around orders.
pub(super) fn may(role: Role, rest: &str) -> Option<bool> {
    let is_around = rest.starts_with("orders/bulk") || rest.contains("/charges") || rest.contains("/shares");
    is_around.then_some(matches!(role, Role::Admin | Role::Staff))
}
