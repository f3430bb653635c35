//! `GET /api/v1/letters`: the letters about a request, a ticket or a return. For staff.

use actix_web::web;
use serde::Deserialize;
use storewire_db::letters;
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use super::LetterItem;
use crate::{
    api::page::Page,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// More letters are not written about one thing; should they be, the newest are shown.
const MOST: u32 = 200;

/// Which letters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LetterQuery {
    /// The id of the request, ticket or return that they are about.
    about: Uuid,
}

/// Lists the letters about something, newest first, with every try to send them.
#[utoipa::path(get, path = "/api/v1/letters", tag = "letters", operation_id = "listLetters", params(LetterQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The letters, in one page", body = Page<LetterItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<LetterQuery>,
) -> Result<web::Json<Page<LetterItem>>, WebError> {
    session.require(Area::Support, Action::Edit)?;
    let tx = state.db.read(&session.scope()).await?;
    let rows = letters::of(&tx, query.about, MOST).await?;
    tx.commit().await?;
    Ok(web::Json(Page { items: rows.into_iter().map(LetterItem::from).collect(), next: None }))
}
