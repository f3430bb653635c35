//! `GET /api/v1/customers`: customers by name. For everyone, within their own stores.

use actix_web::web;
use serde::Deserialize;
use storewire_db::customers::{self, CustomerFilter, CustomerSummary};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        customers::CustomerItem,
        page::{self, Page},
    },
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// Part of the name or e-mail.
    q: Option<String>,
    /// With this tag only.
    tag: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists customers by name; those that are gone from their store are left out.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers", operation_id = "listCustomers", params(CustomerQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of customers", body = Page<CustomerItem>)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<CustomerQuery>,
) -> Result<web::Json<Page<CustomerItem>>, WebError> {
    session.require(Area::Customers, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = CustomerFilter {
        store: query.store.map(StoreId),
        search: page::filter("q", query.q)?,
        tag: page::filter("tag", query.tag)?.map(|tag| tag.to_lowercase()),
        after: page::place(query.after.as_deref())?,
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = customers::list(&tx, &filter).await?;
    tx.commit().await?;
    let mark = |customer: &CustomerSummary| page::mark(&(&customer.name, customer.id));
    Ok(web::Json(Page::of(rows, limit, mark, CustomerItem::from)))
}
