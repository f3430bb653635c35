//! `GET /api/v1/inventory/approvals`: requests, newest first. For everyone: a merchant's users see their own.

use actix_web::web;
use serde::Deserialize;
use storewire_db::requests::{self, RequestFilter};
use storewire_domain::{RequestId, StoreId, request::RequestState};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        page::{self, Page},
        requests::RequestItem,
    },
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    /// To this store only.
    store: Option<Uuid>,
    /// About this product or order only.
    entity: Option<Uuid>,
    /// `waiting`, `approved`, `applied`, `failed`, `rejected`, `withdrawn` or `expired` only.
    #[param(value_type = Option<String>)]
    state: Option<RequestState>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists requests, newest first; those that ended are kept.
#[utoipa::path(get, path = "/api/v1/inventory/approvals", tag = "requests", operation_id = "listRequests", params(RequestQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of requests", body = Page<RequestItem>)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<RequestQuery>,
) -> Result<web::Json<Page<RequestItem>>, WebError> {
    let RequestQuery { store, entity, state: wanted, after, limit } = query.into_inner();
    let filter = RequestFilter { store: store.map(StoreId), state: wanted, entity, ..RequestFilter::default() };
    page(&session, &state, filter, (after, limit)).await
}

/// A page of the requests that fit and that the caller sees: after a mark, and as long as it was asked for.
pub(crate) async fn page(
    session: &Session,
    state: &AppState,
    filter: RequestFilter,
    (after, limit): (Option<String>, Option<u32>),
) -> Result<web::Json<Page<RequestItem>>, WebError> {
    session.require(Area::Requests, Action::View)?;
    let limit = page::limit(limit)?;
    let before = page::id(after.as_deref())?.map(RequestId);
    let filter = RequestFilter { own: session.own(), before, limit: limit + 1, ..filter };
    let tx = state.db.read(&session.scope()).await?;
    let rows = requests::list(&tx, &filter).await?;
    tx.commit().await?;
    let item = |row| RequestItem::of(row, session.class());
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), item)))
}
