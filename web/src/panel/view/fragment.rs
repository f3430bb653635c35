//! One struct per fragment that a frame carries; each prints the partial that its page prints.

use askama::Template;

use super::{
    Alerts, Change, Fresh, IntentView, OrderHead, OrderRow, ProductRow, RehearsalNow, RequestView, ReturnCard,
    ReturnHead, StockLine, StoreView, import::Outcome,
};
use crate::panel::{filters, words::Words};

/// An order's row.
#[derive(Template)]
#[template(path = "orders/_row.html")]
pub struct OrderRowFragment<'a> {
    pub t: &'a Words,
    pub row: OrderRow,
}

/// An order's new timeline entry, and its head.
#[derive(Template)]
#[template(path = "orders/frame.html")]
pub struct OrderFragment<'a> {
    pub t: &'a Words,
    pub change: Change,
    pub head: OrderHead,
}

/// A product's row.
#[derive(Template)]
#[template(path = "products/_row.html")]
pub struct ProductRowFragment<'a> {
    pub t: &'a Words,
    pub row: ProductRow,
}

/// A variation's row on its parent's page.
#[derive(Template)]
#[template(path = "products/_variation.html")]
pub struct VariationFragment<'a> {
    pub t: &'a Words,
    pub row: ProductRow,
}

/// A product's new timeline entry, and its head.
#[derive(Template)]
#[template(path = "products/frame.html")]
pub struct ProductFragment<'a> {
    pub t: &'a Words,
    pub change: Change,
    pub head_id: String,
    pub row: ProductRow,
}

/// A line of the inventory.
#[derive(Template)]
#[template(path = "inventory/_row.html")]
pub struct StockRowFragment<'a> {
    pub t: &'a Words,
    pub row: StockLine,
}

/// The head of a stock's page.
#[derive(Template)]
#[template(path = "inventory/_head.html")]
pub struct StockHeadFragment<'a> {
    pub t: &'a Words,
    pub head_id: String,
    pub line: StockLine,
}

/// What became of a line of a file of counts.
#[derive(Template)]
#[template(path = "inventory/_outcome.html")]
pub struct OutcomeFragment<'a> {
    pub t: &'a Words,
    pub outcome: Outcome,
}

/// A store's row.
#[derive(Template)]
#[template(path = "stores/_row.html")]
pub struct StoreRowFragment<'a> {
    pub t: &'a Words,
    pub row: StoreView,
}

/// A store's health.
#[derive(Template)]
#[template(path = "stores/_health.html")]
pub struct StoreHealthFragment<'a> {
    pub t: &'a Words,
    pub row: StoreView,
}

/// `GET /freshness`.
#[derive(Template)]
#[template(path = "components/_freshness.html")]
pub struct FreshnessFragment<'a> {
    pub t: &'a Words,
    pub fresh: Fresh,
}

/// A store's tile in the control room, as far as its row tells it.
#[derive(Template)]
#[template(path = "control/_actor.html")]
pub struct ActorFragment<'a> {
    pub t: &'a Words,
    pub row: StoreView,
}

/// A change on its way.
#[derive(Template)]
#[template(path = "intents/_intent.html")]
pub struct IntentFragment<'a> {
    pub t: &'a Words,
    pub intent: IntentView,
}

/// A request.
#[derive(Template)]
#[template(path = "requests/_request.html")]
pub struct RequestFragment<'a> {
    pub t: &'a Words,
    pub request: RequestView,
}

/// A return of the list.
#[derive(Template)]
#[template(path = "returns/_return.html")]
pub struct ReturnFragment<'a> {
    pub t: &'a Words,
    pub returned: ReturnCard,
}

/// The head of a return's page.
#[derive(Template)]
#[template(path = "returns/_head.html")]
pub struct ReturnHeadFragment<'a> {
    pub t: &'a Words,
    pub head: ReturnHead,
}

/// How many requests wait, beside their link in the navigation.
#[derive(Template)]
#[template(path = "requests/_count.html")]
pub struct RequestCount<'a> {
    pub t: &'a Words,
    pub count: i64,
}

/// How a rehearsal stands.
#[derive(Template)]
#[template(path = "rehearsals/_now.html")]
pub struct RehearsalFragment<'a> {
    pub t: &'a Words,
    pub now: RehearsalNow,
}

/// A timeline entry by itself.
#[derive(Template)]
#[template(path = "timeline/_change.html")]
pub struct ChangeFragment<'a> {
    pub t: &'a Words,
    pub change: Change,
}

/// `GET /alerts`.
#[derive(Template)]
#[template(path = "components/_alerts.html")]
pub struct AlertsFragment<'a> {
    pub t: &'a Words,
    pub alerts: Alerts,
}
