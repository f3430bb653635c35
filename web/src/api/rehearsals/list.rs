//! `GET /api/v1/rehearsals`: the latest rehearsals. For staff who keep every store.

use actix_web::web;
use storewire_db::rehearsals;

use super::RehearsalItem;
use crate::{
    api::{alerts::NoQuery, page::Page},
    error::{Problem, WebError},
    extract::Session,
    rehearsals::require,
    state::AppState,
};

/// People start them by hand: there are few.
const SHOWN: u32 = 100;

/// Lists rehearsals, newest first, the latest hundred.
#[utoipa::path(get, path = "/api/v1/rehearsals", tag = "rehearsals", operation_id = "listRehearsals",
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The latest rehearsals", body = Page<RehearsalItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    _: web::Query<NoQuery>,
) -> Result<web::Json<Page<RehearsalItem>>, WebError> {
    require(&session)?;
    let tx = state.db.read(&session.scope()).await?;
    let rows = rehearsals::list(&tx, SHOWN).await?;
    tx.commit().await?;
    Ok(web::Json(Page { items: rows.into_iter().map(RehearsalItem::from).collect(), next: None }))
}
