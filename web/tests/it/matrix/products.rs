//! Products in the matrix: everybody looks, staff make, change and throw away.

use serde_json::{Value, json};
use storewire_db::{
    Sent,
    products::{self, ProductWrite},
};
use storewire_domain::{ManageStock, ProductId, RemoteId};
use uuid::Uuid;

use super::Scene;
use crate::{
    app::TestApp,
    seed::{self, World},
};

/// A variable product of the coffee merchant's, in two colours.
pub(super) async fn shirt(app: &TestApp, world: &World) -> Uuid {
    let mut product = seed::product(app, 900);
    product.remote_id = RemoteId::from(900);
    product.kind = "variable".to_owned();
    product.manage_stock = ManageStock::No;
    (product.stock_quantity, product.regular_price) = (None, None);
    let colours = json!({"id": 0, "name": "Colour", "options": ["Red", "Blue"], "variation": true});
    let raw = json!({"id": 900, "description": "<p>Soft</p>", "attributes": [colours]}).to_string();
    let sent = Sent { raw: &raw, content_hash: [9; 32], read_at: None };
    let write = ProductWrite { id: ProductId::fresh(), product: &product, sent, trashed_at: None };
    let tx = app.db.db().tenant(world.coffee.tenant).await.unwrap();
    products::upsert(&tx, world.coffee.store, &[write], app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let held = "SELECT id FROM product WHERE remote_id = '900' AND store_id = $1";
    app.db.admin().await.unwrap().query_one(held, &[&world.coffee.store.uuid()]).await.unwrap().get(0)
}

/// Which of the scene's records an address means.
pub(super) fn record(scene: &Scene, path: &str) -> Option<Uuid> {
    path.ends_with("/products/{id}/variations").then_some(scene.shirt)
}

/// A body that could be meant.
pub(super) fn body(scene: &Scene, method: &str, path: &str) -> Option<Value> {
    let store = scene.world.coffee.store;
    match (method, path) {
        ("post", "/products") => Some(json!({"store_id": store, "name": "Kettle", "regular_price": "9.50"})),
        ("post", "/products/{id}/duplicate") => Some(json!({"name": "Another"})),
        ("post", "/products/{id}/variations") => Some(json!({"options": {"Colour": "Red"}, "regular_price": "9.50"})),
        ("delete", "/products/{id}") => Some(json!({"expected": {"status": "publish"}})),
        _ => None,
    }
}
