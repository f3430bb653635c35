//! `POST /api/v1/intents/{id}/retry`: tries a failed change again. For staff.

use actix_web::{HttpResponse, web};
use storewire_domain::request::RequestRefusal;
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

/// Tries a failed intent again, with as many sends as a new one. After a conflict it depends on what the store was found to hold. One that
/// a request or a return caused is not: 409 `decide_again`, because it was decided on other values.
#[utoipa::path(post, path = "/api/v1/intents/{id}/retry", tag = "intents", operation_id = "retryIntent",
    params(("id" = Uuid, Path, description = "The intent's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It is on its way again", body = IntentItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let intent = addressed(&session, &state, *id).await?;
    if intent.cause.is_decided_again() {
        return Err(RequestRefusal::DecideAgain.into());
    }
    let work = async |_| {
        if !state.engine.retry_intent(&intent, session.user_id).await? {
            return Err(WebError::Conflict {
                code: "not_failed",
                detail: "only what failed can be tried again".to_owned(),
            });
        }
        Reply::accepted(&IntentItem::from(addressed(&session, &state, *id).await?))
    };
    write.once.carry_out(&state, (intent.tenant_id, session.user_id), work).await
}
