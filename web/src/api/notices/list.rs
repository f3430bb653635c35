//! `GET /api/v1/notices`: what one was told, newest first. For everyone: their own.

use actix_web::web;
use serde::{Deserialize, Serialize};
use storewire_db::notices;
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};

use super::NoticeItem;
use crate::{
    api::page::{self, Page},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which notices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePage {
    #[serde(flatten)]
    pub page: Page<NoticeItem>,
    /// How many of the last hundred are unread.
    pub unread: i64,
}

/// Lists what you were told, newest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", operation_id = "listNotices", params(NoticeQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of notices", body = NoticePage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<NoticeQuery>,
) -> Result<web::Json<NoticePage>, WebError> {
    session.require(Area::Profile, Action::View)?;
    let limit = page::limit(query.limit)?;
    let before = page::id(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let rows = notices::list(&tx, session.user_id, before, limit + 1).await?;
    let unread = notices::unread(&tx, session.user_id).await?;
    tx.commit().await?;
    let page = Page::of(rows, limit, |row| page::mark(&(row.id,)), NoticeItem::from);
    Ok(web::Json(NoticePage { page, unread }))
}
