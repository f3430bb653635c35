//! `GET /api/v1/customers/{id}`: one customer with addresses, orders and history. For everyone, within their own stores.

use actix_web::web;
use serde::Serialize;
use storewire_db::customers::{self, CustomerDetail};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{address::AddressItem, customers::CustomerItem, orders::OrderItem, timeline::TimelineEntry},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// A customer with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerPage {
    #[serde(flatten)]
    pub customer: CustomerItem,
    pub billing: AddressItem,
    pub shipping: AddressItem,
    /// Newest first, the last 50: of the account, and of its e-mail address in any store of the merchant.
    pub orders: Vec<OrderItem>,
    /// What changed and what people did, newest first, the last 200 of each.
    pub timeline: Vec<TimelineEntry>,
}

/// Shows one customer.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers", operation_id = "showCustomer",
    params(("id" = Uuid, Path, description = "The customer's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The customer", body = CustomerPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<CustomerPage>, WebError> {
    session.require(Area::Customers, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let customer = customers::find(&tx, *id).await?;
    tx.commit().await?;
    customer.map(CustomerPage::from).map(web::Json).ok_or(WebError::NotFound)
}

impl From<CustomerDetail> for CustomerPage {
    fn from(detail: CustomerDetail) -> Self {
        Self {
            billing: detail.summary.billing.clone().into(),
            shipping: detail.shipping.into(),
            orders: detail.orders.into_iter().map(OrderItem::from).collect(),
            timeline: TimelineEntry::all(&detail.timeline, &detail.deeds),
            customer: detail.summary.into(),
        }
    }
}
