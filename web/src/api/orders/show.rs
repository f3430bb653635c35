//! `GET /api/v1/orders/{id}`: one order with all that belongs to it. For everyone, within their own stores.

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{OrderDetail, orders};
use storewire_domain::OrderId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        address::AddressItem,
        money::Money,
        orders::{
            OrderItem,
            line::{LineItem, RefundItem},
        },
        timeline::TimelineEntry,
    },
    error::{Problem, WebError},
    extract::Session,
    history::leave_out_others_requests,
    state::AppState,
};

/// An order with its lines, refunds, addresses and history.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPage {
    #[serde(flatten)]
    pub order: OrderItem,
    pub total_tax: Money,
    pub shipping_total: Money,
    pub discount_total: Money,
    /// What was given back in all.
    pub refunded_total: Money,
    pub billing: AddressItem,
    pub shipping: AddressItem,
    pub payment_method_title: String,
    pub transaction_id: String,
    pub customer_note: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Timestamp>,
    pub lines: Vec<LineItem>,
    pub refunds: Vec<RefundItem>,
    /// What changed and what people did, newest first, the last 200 of each.
    pub timeline: Vec<TimelineEntry>,
}

/// Shows one order.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders", operation_id = "showOrder",
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The order", body = OrderPage),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such order in your stores", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<OrderPage>, WebError> {
    session.require(Area::Orders, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let order = orders::find(&tx, OrderId(*id)).await?;
    tx.commit().await?;
    let mut order = order.ok_or(WebError::NotFound)?;
    leave_out_others_requests(&mut order.deeds, &session);
    Ok(web::Json(order.into()))
}

impl From<OrderDetail> for OrderPage {
    fn from(detail: OrderDetail) -> Self {
        let currency = detail.summary.currency.clone();
        let money = |amount| Money::new(amount, &currency);
        Self {
            total_tax: money(detail.total_tax),
            shipping_total: money(detail.shipping_total),
            discount_total: money(detail.discount_total),
            refunded_total: money(detail.refunded_total),
            billing: detail.billing.into(),
            shipping: detail.shipping.into(),
            payment_method_title: detail.payment_method_title,
            transaction_id: detail.transaction_id,
            customer_note: detail.customer_note,
            paid_at: detail.paid_at,
            completed_at: detail.completed_at,
            lines: detail.lines.into_iter().map(|line| LineItem::new(line, &currency)).collect(),
            refunds: detail.refunds.into_iter().map(|refund| RefundItem::new(refund, &currency)).collect(),
            timeline: TimelineEntry::all(&detail.timeline, &detail.deeds),
            order: detail.summary.into(),
        }
    }
}
