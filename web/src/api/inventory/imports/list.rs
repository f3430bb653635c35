//! `GET /api/v1/inventory/imports`: files of counts, newest first. For staff.

use actix_web::web;
use serde::Deserialize;
use storewire_db::stock::{self, ImportFilter};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use super::ImportItem;
use crate::{
    api::page::{self, Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists files, newest first, whatever became of them.
#[utoipa::path(get, path = "/api/v1/inventory/imports", tag = "inventory", operation_id = "listImports", params(ImportQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of files", body = Page<ImportItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<ImportQuery>,
) -> Result<web::Json<Page<ImportItem>>, WebError> {
    session.require(Area::Inventory, Action::Edit)?;
    let limit = page::limit(query.limit)?;
    let before = page::id(query.after.as_deref())?;
    let filter = ImportFilter { store: query.store.map(StoreId), before, limit: limit + 1 };
    let tx = state.db.read(&session.scope()).await?;
    let rows = stock::imports(&tx, &filter).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), ImportItem::from)))
}
