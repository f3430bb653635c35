//! One struct per page: what its template may use, and nothing else.

use std::sync::Arc;

use askama::Template;
use uuid::Uuid;

use super::{
    Asks, Choice, Filter, Fresh, IntentView, Listing, OrderDesk, OrderForms, OrderReturns, OrderRow, OrderView,
    OwnersView, ProductForms, ProductRow, ProductView, Stale,
};
use crate::panel::{filters, frame::Frame, words::Words};

/// `GET /login`.
#[derive(Template)]
#[template(path = "session/new.html")]
pub struct LoginPage {
    pub t: Words,
    pub theme: &'static str,
    pub next: String,
    pub email: String,
    pub problem: Option<String>,
    pub people: Vec<DemoPerson>,
}

/// A demo identity that one click logs in.
pub struct DemoPerson {
    pub email: String,
    pub password: String,
    pub label: String,
    pub role: String,
    pub initial: String,
}

/// What people see instead of a page.
#[derive(Template)]
#[template(path = "errors/error.html")]
pub struct ErrorPage {
    pub t: Words,
    pub theme: &'static str,
    pub code: u16,
    pub title: String,
    pub hint: String,
}

/// `GET /orders`.
#[derive(Template)]
#[template(path = "orders/list.html")]
pub struct OrdersPage {
    pub t: Words,
    pub frame: Frame,
    pub listing: Arc<Listing>,
    /// The command that a change of many would be; `None` for who may not.
    pub bulk: Option<Uuid>,
}

/// The list of it.
#[derive(Template)]
#[template(path = "orders/_list.html")]
pub struct OrdersList {
    pub t: Words,
    pub filter: Filter,
    pub rows: Vec<OrderRow>,
    /// The statuses that many may be given at once; none for who may not.
    pub steps: Vec<Choice>,
    /// The next page.
    pub older: Option<String>,
    pub fresh: Fresh,
    pub stale: Stale,
}

/// `GET /orders/{id}`.
#[derive(Template)]
#[template(path = "orders/show.html")]
pub struct OrderPage {
    pub t: Words,
    pub frame: Frame,
    pub order: OrderView,
    pub returns: OrderReturns,
    /// What may be changed; `None` for who may not, and for an order that is gone.
    pub forms: Option<OrderForms>,
    /// Changes on their way; `None` for who sees none.
    pub intents: Option<Vec<IntentView>>,
    pub asks: Asks,
    /// Charges and links; `None` for who sees none.
    pub desk: Option<OrderDesk>,
    pub owners: OwnersView,
    pub stale: Stale,
}

/// `GET /products`.
#[derive(Template)]
#[template(path = "products/list.html")]
pub struct ProductsPage {
    pub t: Words,
    pub frame: Frame,
    /// Where a new one is made or asked for; `None` for who may do neither.
    pub new_product: Option<&'static str>,
    pub listing: Arc<Listing>,
}

/// The list of it.
#[derive(Template)]
#[template(path = "products/_list.html")]
pub struct ProductsList {
    pub t: Words,
    pub filter: Filter,
    pub rows: Vec<ProductRow>,
    pub next: Option<String>,
    pub fresh: Fresh,
    pub stale: Stale,
}

/// `GET /products/{id}`.
#[derive(Template)]
#[template(path = "products/show.html")]
pub struct ProductPage {
    pub t: Words,
    pub frame: Frame,
    pub product: ProductView,
    pub owners: OwnersView,
    /// What may be changed; `None` for who may not, and for a product that is gone.
    pub forms: Option<ProductForms>,
    /// Changes on their way; `None` for who sees none.
    pub intents: Option<Vec<IntentView>>,
    pub asks: Asks,
    pub stale: Stale,
}
