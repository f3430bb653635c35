//! The ids of everything that a frame can replace. Pages, frames and tests take them from here.

use storewire_domain::{OrderId, ProductId, RequestId, ReturnId, StoreId, TicketId};
use uuid::Uuid;

/// The list of orders.
pub const ORDER_ROWS: &str = "order-rows";
/// The list of products.
pub const PRODUCT_ROWS: &str = "product-rows";
/// The list of stock.
pub const STOCK_ROWS: &str = "stock-rows";
/// The list of stores.
pub const STORE_ROWS: &str = "store-rows";
/// The list of customers.
pub const CUSTOMER_ROWS: &str = "customer-rows";
/// The tiles of the control room.
pub const ACTORS: &str = "actors";
/// Changes on their way: a record's own, or all.
pub const INTENTS: &str = "intents";
/// The list of requests.
pub const REQUESTS: &str = "requests";
/// The list of returns.
pub const RETURNS: &str = "returns";
/// Changes when goods of a return are nearer to the shelf.
pub const SHELF_BEAT: &str = "shelf-beat";
/// The list of tickets.
pub const TICKETS: &str = "tickets";
/// Changes when the record of a ticket does.
pub const TICKET_CARD_BEAT: &str = "card-beat";
/// The head of a product beside a ticket.
pub const TICKET_CARD_HEAD: &str = "card-head";
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

/// The head of a stock's page.
#[must_use]
pub fn stock_head(id: ProductId) -> String {
    format!("stock-head-{id}")
}

/// What became of a line of a file of counts, by the intent that it is.
#[must_use]
pub fn outcome(intent: Uuid) -> String {
    format!("outcome-{intent}")
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

/// A request.
#[must_use]
pub fn request(id: RequestId) -> String {
    format!("request-{id}")
}

/// A return.
#[must_use]
pub fn returned(id: ReturnId) -> String {
    format!("return-{id}")
}

/// The head of a return's page.
#[must_use]
pub fn return_head(id: ReturnId) -> String {
    format!("return-head-{id}")
}

/// A ticket.
#[must_use]
pub fn ticket(id: TicketId) -> String {
    format!("ticket-{id}")
}

/// The head of a ticket's page.
#[must_use]
pub fn ticket_head(id: TicketId) -> String {
    format!("ticket-head-{id}")
}

/// An entry of a ticket's thread.
#[must_use]
pub fn ticket_entry(id: Uuid) -> String {
    format!("entry-{id}")
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
