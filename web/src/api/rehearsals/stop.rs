//! `POST /api/v1/rehearsals/{id}/stop`: ends a rehearsal early. For staff who keep every store.

use actix_web::{HttpResponse, web};
use storewire_domain::TenantId;
use uuid::Uuid;

use super::RehearsalItem;
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    rehearsals::addressed,
    state::AppState,
};

/// Ends a rehearsal early. Traffic and trouble end at once; the report follows when the copies have caught up.
#[utoipa::path(post, path = "/api/v1/rehearsals/{id}/stop", tag = "rehearsals", operation_id = "stopRehearsal",
    params(("id" = Uuid, Path, description = "The rehearsal's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It comes to its report", body = RehearsalItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is over", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TenantId(*id)).await?;
    let work = async |_| {
        if row.phase.is_over() {
            return Err(WebError::Conflict { code: "over", detail: "the rehearsal is over".to_owned() });
        }
        state.rehearsals.stop(row.tenant_id);
        Reply::accepted(&RehearsalItem::from(row.clone()))
    };
    write.once.carry_out(&state, (row.tenant_id, session.user_id), work).await
}
