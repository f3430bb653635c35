//! `GET /api/v1/stores`: the stores that the viewer may see. For everyone; merchants get their own, without its troubles.

use actix_web::web;
use serde::Deserialize;
use storewire_db::{StoreRow, budgets, stores};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        page::{self, Page},
        stores::item::StoreItem,
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which page of the stores.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StoreQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists stores by merchant and name.
#[utoipa::path(get, path = "/api/v1/stores", tag = "stores", operation_id = "listStores", params(StoreQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of stores", body = Page<StoreItem>),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<StoreQuery>,
) -> Result<web::Json<Page<StoreItem>>, WebError> {
    let limit = page::limit(query.limit)?;
    let after: Option<(String, String, Uuid)> = page::place(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let rows = stores::list(&tx).await?;
    let mut budgets = budgets::all(&tx).await?;
    tx.commit().await?;
    let rows = following(rows, after, limit);
    let mark = |row: &StoreRow| page::mark(&place(row));
    let (class, now) = (session.class(), state.clock.now());
    let items = rows.into_iter().map(|row| (budgets.remove(&row.id), row)).collect();
    let item = |(budget, row)| StoreItem::for_class(row, budget, class, now);
    Ok(web::Json(Page::of(items, limit, |(_, row)| mark(row), item)))
}

/// The rows after the mark, and one more than a page: stores are few enough to be read whole and cut here.
fn following(mut rows: Vec<StoreRow>, after: Option<(String, String, Uuid)>, limit: u32) -> Vec<StoreRow> {
    rows.sort_by_key(place);
    let rows = rows.into_iter().filter(|row| after.as_ref().is_none_or(|after| place(row) > *after));
    rows.take(limit as usize + 1).collect()
}

fn place(row: &StoreRow) -> (String, String, Uuid) {
    (row.tenant_name.clone(), row.name.clone(), row.id.uuid())
}
