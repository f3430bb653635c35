//! The ids of everything that a frame can replace. Pages, frames and tests take them from here.

use storewire_domain::{OrderId, ProductId, StoreId};
use uuid::Uuid;

/// The list of orders.
pub const ORDER_ROWS: &str = "order-rows";
/// The list of products.
pub const PRODUCT_ROWS: &str = "product-rows";
/// The list of stores.
pub const STORE_ROWS: &str = "store-rows";
/// The list of customers.
pub const CUSTOMER_ROWS: &str = "customer-rows";
/// The tiles of the control room.
pub const ACTORS: &str = "actors";
/// Changes on their way: a record's own, or all.
pub const INTENTS: &str = "intents";
/// How a rehearsal stands.
pub const REHEARSAL_NOW: &str = "rehearsal-now";
/// A record's timeline.
pub const TIMELINE: &str = "timeline";
/// A product's variations.
pub const VARIATIONS: &str = "variations";

/// An order's row.
#[must_use]
pub fn order(id: OrderId) -> String {
    format!("order-{id}")
}

/// An order's status, in its row and on its page.
#[must_use]
pub fn order_status(id: OrderId) -> String {
    format!("order-status-{id}")
}

/// The head of an order's page.
#[must_use]
pub fn order_head(id: OrderId) -> String {
    format!("order-head-{id}")
}

/// A product's or variation's row.
#[must_use]
pub fn product(id: ProductId) -> String {
    format!("product-{id}")
}

/// The head of a product's page.
#[must_use]
pub fn product_head(id: ProductId) -> String {
    format!("product-head-{id}")
}

/// A product's stock, wherever it is shown.
#[must_use]
pub fn stock(id: ProductId) -> String {
    format!("stock-{id}")
}

/// A product's price, wherever it is shown.
#[must_use]
pub fn price(id: ProductId) -> String {
    format!("price-{id}")
}

/// A store's row.
#[must_use]
pub fn store(id: StoreId) -> String {
    format!("store-{id}")
}

/// A store's state, in its row and on its page.
#[must_use]
pub fn store_state(id: StoreId) -> String {
    format!("store-state-{id}")
}

/// The health of a store, on its page.
#[must_use]
pub fn store_health(id: StoreId) -> String {
    format!("store-health-{id}")
}

/// The part of a store's tile that its row tells.
#[must_use]
pub fn actor(id: StoreId) -> String {
    format!("actor-{id}")
}

/// A change on its way.
#[must_use]
pub fn intent(id: Uuid) -> String {
    format!("intent-{id}")
}

/// The head of a customer's page.
#[must_use]
pub fn customer_head(id: Uuid) -> String {
    format!("customer-head-{id}")
}

/// An entry of a timeline.
#[must_use]
pub fn change(store: StoreId, seq: i64) -> String {
    format!("change-{store}-{seq}")
}

/// The selector of an id.
#[must_use]
pub fn selector(id: &str) -> String {
    format!("#{id}")
}
