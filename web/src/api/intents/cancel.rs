//! `POST /api/v1/intents/{id}/cancel`: takes a change back that was not sent yet. For staff.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{
        intents::IntentItem,
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Takes an intent back while it waits. What was sent cannot be taken back.
#[utoipa::path(post, path = "/api/v1/intents/{id}/cancel", tag = "intents", operation_id = "cancelIntent",
    params(("id" = Uuid, Path, description = "The intent's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It is taken back", body = IntentItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let intent = addressed(&session, &state, *id).await?;
    let work = async |_| {
        if !state.engine.cancel_intent(&intent, session.user_id).await? {
            return Err(WebError::Conflict {
                code: "too_late",
                detail: "it no longer waits; what was sent cannot be taken back".to_owned(),
            });
        }
        Reply::accepted(&IntentItem::from(addressed(&session, &state, *id).await?))
    };
    write.once.carry_out(&state, (intent.tenant_id, session.user_id), work).await
}
