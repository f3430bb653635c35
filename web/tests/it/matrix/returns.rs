//! Returns in the matrix: staff work on them, merchants look.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use storewire_db::{
    desk_numbers::{self, Numbered},
    returns::{self, NewItem, NewReturn},
};
use storewire_domain::{OrderId, ReturnId, returns::ReturnReason};
use uuid::Uuid;

use super::{Role, Scene};
use crate::{
    app::{TestApp, bearer, post},
    seed::World,
};

/// One grey pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A return of one of many bags of the coffee merchant's order.
pub(super) async fn opened(app: &TestApp, world: &World, order: OrderId) -> Uuid {
    let many = "UPDATE order_line SET quantity = 9 WHERE order_id = $1";
    app.db.admin().await.unwrap().execute(many, &[&order.uuid()]).await.unwrap();
    let tx = app.db.db().desk(world.coffee.tenant).await.unwrap();
    let new = NewReturn {
        id: ReturnId::fresh(),
        number: desk_numbers::next(&tx, Numbered::Return).await.unwrap(),
        store: world.coffee.store,
        order,
        order_number: "1",
        reason: ReturnReason::Damaged,
        note: "",
        by: world.staff,
        by_name: "A Person",
        buyer_name: "Mary",
        buyer_email: "mary@example.com",
        deed: Uuid::now_v7(),
        items: vec![NewItem { line: "1", product: None, name: "Beans", sku: "B-1", quantity: 1.into() }],
    };
    returns::insert(&tx, &new, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    new.id.uuid()
}

/// Which of the scene's records an address means.
pub(super) fn record(scene: &Scene, path: &str) -> Option<Uuid> {
    path.contains("/returns/").then_some(scene.returned)
}

/// A body that could be meant.
pub(super) fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("post", "/returns") => {
            let items = json!([{"line": "1", "quantity": "1"}]);
            Some(json!({"order_id": scene.order, "reason": "late", "items": items}))
        }
        ("patch", "/returns/{id}") => Some(json!({"step": "accept"})),
        ("post", "/returns/{id}/comments") => Some(json!({"text": "hello"})),
        ("post", "/returns/{id}/messages") => Some(json!({"subject": "Your return", "text": "Send it."})),
        _ => None,
    }
}

/// Where photos are attached: one that the owner of `token` uploaded.
pub(super) async fn photos(scene: &Scene, token: &str, path: &str) -> Option<Value> {
    if !path.ends_with("/returns/{id}/photos") {
        return None;
    }
    let path = format!("/api/v1/attachments?name=bag.png&store={}", scene.world.coffee.store);
    let request = post(&path).insert_header(bearer(token)).set_payload(STANDARD.decode(PICTURE).unwrap());
    let kept = scene.app.call(request).await;
    // Who cannot see the store has nothing to attach.
    let photo = if kept.status.is_success() { kept.json()["id"].clone() } else { json!(Uuid::now_v7()) };
    Some(json!({"attachments": [photo]}))
}

/// Whether a role may; `None` for what is about none.
pub(super) fn may(role: Role, method: &str, rest: &str) -> Option<bool> {
    let is_ours = rest.split('/').next() == Some("returns");
    is_ours.then(|| method == "get" || matches!(role, Role::Admin | Role::Staff))
}
