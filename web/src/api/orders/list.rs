//! `GET /api/v1/orders`: orders, newest first. For everyone, within their own stores.

use actix_web::web;
use jiff::Timestamp;
use serde::Deserialize;
use storewire_db::{OrderFilter, OrderSummary, customers, orders};
use storewire_domain::{OrderId, StoreId};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        orders::OrderItem,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// In this status only; `trash` for those in the store's trash, which are otherwise left out.
    status: Option<String>,
    /// Part of the number, the customer's name or e-mail.
    q: Option<String>,
    /// Of this customer only: of the account, and of its e-mail address in any store of the merchant.
    customer: Option<Uuid>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists orders, newest first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", operation_id = "listOrders", params(OrderQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of orders", body = Page<OrderItem>),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such customer in your stores", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<OrderQuery>,
) -> Result<web::Json<Page<OrderItem>>, WebError> {
    session.require(Area::Orders, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after: Option<(Timestamp, Uuid)> = page::place(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let buyer = match query.customer {
        Some(id) => Some(customers::summaries(&tx, &[id]).await?.pop().ok_or(WebError::NotFound)?.buyer()),
        None => None,
    };
    let filter = OrderFilter {
        store: query.store.map(StoreId),
        status: page::filter("status", query.status)?,
        search: page::filter("q", query.q)?,
        buyer,
        after: after.map(|(created_at, id)| (created_at, OrderId(id))),
        limit: limit + 1,
    };
    let rows = orders::list(&tx, &filter).await?;
    tx.commit().await?;
    let mark = |order: &OrderSummary| page::mark(&(order.created_at, order.id));
    Ok(web::Json(Page::of(rows, limit, mark, OrderItem::from)))
}
