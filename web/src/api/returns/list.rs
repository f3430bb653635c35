//! `GET /api/v1/returns`: returns, newest first. For everyone.

use actix_web::web;
use serde::Deserialize;
use storewire_db::returns::{self, ReturnFilter};
use storewire_domain::{OrderId, ReturnId, StoreId, returns::ReturnState};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        page::{self, Page},
        returns::ReturnItem,
    },
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which returns.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReturnQuery {
    /// To this store only.
    store: Option<Uuid>,
    /// Of this order only.
    order: Option<Uuid>,
    /// `asked`, `accepted`, `declined`, `received`, `decided`, `closed` or `cancelled` only.
    #[param(value_type = Option<String>)]
    state: Option<ReturnState>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists returns, newest first; those that ended are kept.
#[utoipa::path(get, path = "/api/v1/returns", tag = "returns", operation_id = "listReturns", params(ReturnQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of returns", body = Page<ReturnItem>)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<ReturnQuery>,
) -> Result<web::Json<Page<ReturnItem>>, WebError> {
    session.require(Area::Returns, Action::View)?;
    let limit = page::limit(query.limit)?;
    let filter = ReturnFilter {
        store: query.store.map(StoreId),
        state: query.state,
        order: query.order.map(OrderId),
        before: page::id(query.after.as_deref())?.map(ReturnId),
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = returns::list(&tx, &filter).await?;
    tx.commit().await?;
    let item = |row| ReturnItem::of(row, session.class());
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), item)))
}
