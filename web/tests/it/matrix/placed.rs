//! Orders that merchants place and tags that staff give, in the matrix.

use serde_json::{Value, json};

use super::{Role, Scene};

/// Which of the scene's records an address means.
pub(super) fn address(scene: &Scene, path: &str) -> Option<String> {
    path.contains("/tags/").then(|| path.replace("{id}", &scene.customer.to_string()).replace("{tag}", "vip"))
}

/// A body that could be meant.
pub(super) fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    let buyer = json!({"first_name": "Ada", "address_1": "Rose Lane 1", "city": "Izmir", "country": "TR"});
    match (method, path) {
        ("post", "/customers/{id}/tags") => Some(json!({"tag": "vip"})),
        ("delete", "/customers/{id}/tags/{tag}") => Some(json!({})),
        ("post", "/orders/pending-approvals") => Some(json!({
            "store_id": scene.world.coffee.store,
            "lines": [{"product_id": scene.product, "quantity": 1}],
            "billing": buyer,
        })),
        _ => None,
    }
}

/// Whether a role may; `None` for what is not about placed orders.
pub(super) fn may(role: Role, method: &str, rest: &str) -> Option<bool> {
    let is_merchant = matches!(role, Role::MerchantAdmin | Role::MerchantUser);
    (rest == "orders/pending-approvals").then_some(method == "get" || is_merchant)
}
