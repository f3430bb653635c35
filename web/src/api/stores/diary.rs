//! `GET /api/v1/stores/{id}/diary`: what happened to a store. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::diary::{self, Entry};
use storewire_guard::access::Action;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::visible;
use crate::{
    api::page::{self, Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which page of a store's history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// The `next` of the page before.
    pub(super) after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
}

/// One entry of a diary.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiaryItem {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What happened, as a code.
    #[schema(example = "webhooks_healed")]
    pub kind: String,
    /// Its numbers and names.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// Who did it, if a person did.
    pub user_name: Option<String>,
}

/// Lists a store's diary, newest first.
#[utoipa::path(get, path = "/api/v1/stores/{id}/diary", tag = "stores", operation_id = "listDiary",
    params(("id" = Uuid, Path, description = "The store's id"), HistoryQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of the diary", body = Page<DiaryItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    query: web::Query<HistoryQuery>,
) -> Result<web::Json<Page<DiaryItem>>, WebError> {
    let limit = page::limit(query.limit)?;
    let before = page::id(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let rows = diary::list(&tx, store.tenant_id, store.id, before, limit + 1).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |entry| page::mark(&(entry.id,)), DiaryItem::from)))
}

impl From<Entry> for DiaryItem {
    fn from(entry: Entry) -> Self {
        Self { id: entry.id, at: entry.at, kind: entry.kind, detail: entry.detail, user_name: entry.user_name }
    }
}
