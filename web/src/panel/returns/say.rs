//! `POST /returns/{id}/messages` and `…/comments`: words to the buyer, and words among staff and merchants. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::ReturnId;
use uuid::Uuid;

use super::told;
use crate::{api::returns::addressed, error::WebError, extract::Session, state::AppState};

/// The form of a message.
#[derive(Debug, Deserialize)]
pub struct MessageForm {
    deed: Uuid,
    subject: String,
    text: String,
}

/// The form of a comment.
#[derive(Debug, Deserialize)]
pub struct CommentForm {
    deed: Uuid,
    text: String,
}

/// Writes to the buyer.
pub async fn message(
    session: Session,
    id: web::Path<ReturnId>,
    form: web::Form<MessageForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    let MessageForm { deed, subject, text } = form.into_inner();
    let text = text.replace("\r\n", "\n");
    let of = (row.tenant_id, row.id);
    let outcome = state.engine.desk().write_to_buyer(deed, session.hand(), of, subject, text).await;
    told(&row, outcome, "written")
}

/// Adds a comment.
pub async fn comment(
    session: Session,
    id: web::Path<ReturnId>,
    form: web::Form<CommentForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    let text = form.text.replace("\r\n", "\n");
    let outcome = state.engine.desk().comment_return(form.deed, session.hand(), (row.tenant_id, row.id), text).await;
    told(&row, outcome, "commented")
}
