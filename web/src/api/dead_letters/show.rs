//! `GET /api/v1/dead-letters/{id}`: one item that was given up on, with its bytes. For staff.

use actix_web::web;
use serde::Serialize;
use storewire_db::dead_letters;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{bytes::RawBody, dead_letters::DeadLetterItem},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A dead letter with its body as it was received.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterPage {
    #[serde(flatten)]
    pub letter: DeadLetterItem,
    #[serde(flatten)]
    pub raw: RawBody,
}

/// Shows one dead letter, open or not.
#[utoipa::path(get, path = "/api/v1/dead-letters/{id}", tag = "deliveries", operation_id = "showDeadLetter",
    params(("id" = Uuid, Path, description = "The dead letter's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The dead letter", body = DeadLetterPage),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<DeadLetterPage>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let (letter, bytes) = dead_letters::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    session.require(Area::Stores, Action::View)?;
    tx.commit().await?;
    Ok(web::Json(DeadLetterPage { letter: letter.into(), raw: bytes.into() }))
}
