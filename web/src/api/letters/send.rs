//! `POST /api/v1/letters/{id}/send`: sends a letter on its way again that failed. For staff.

use actix_web::{HttpResponse, web};
use storewire_db::letters::{self, LetterRow};
use storewire_domain::{LetterId, letter::LetterState};
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::LetterItem;
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Sends a letter again that failed, with as many tries as a new one. One that waits already goes on waiting.
#[utoipa::path(post, path = "/api/v1/letters/{id}/send", tag = "letters", operation_id = "sendLetter",
    params(("id" = Uuid, Path, description = "The letter's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It is on its way", body = LetterItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was sent already (`already_sent`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { once, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, LetterId(*id)).await?;
    session.require(Area::Support, Action::Edit)?;
    let work = async |deed| {
        let is_waiting = state.engine.desk().send_again(deed, session.hand(), row.tenant_id, row.id).await?;
        if !is_waiting && row.state == LetterState::Sent {
            return Err(already_sent());
        }
        let row = addressed(&session, &state, row.id).await?;
        Reply::accepted(&LetterItem::from(row))
    };
    once.carry_out(&state, (row.tenant_id, session.user_id), work).await
}

/// What has arrived is not sent twice by a click; another letter may be written.
pub(crate) fn already_sent() -> WebError {
    WebError::Conflict { code: "already_sent", detail: "the letter was sent already".to_owned() }
}

/// The letter, if it is there for this reader.
pub(crate) async fn addressed(session: &Session, state: &AppState, id: LetterId) -> Result<LetterRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = letters::find(&tx, id).await?;
    tx.commit().await?;
    row.ok_or(WebError::NotFound)
}
