//! `POST /api/v1/rehearsals/{id}/clear`: deletes the twins' rows of a rehearsal that is over. For staff who keep every store.

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

/// Deletes everything of a rehearsal but its report. It takes a while; `cleared_at` tells when it is done.
#[utoipa::path(post, path = "/api/v1/rehearsals/{id}/clear", tag = "rehearsals", operation_id = "clearRehearsal",
    params(("id" = Uuid, Path, description = "The rehearsal's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "Its rows are being deleted", body = RehearsalItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is under way", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TenantId(*id)).await?;
    let work = async |_| {
        if !row.phase.is_over() {
            return Err(WebError::Conflict { code: "under_way", detail: "the rehearsal is under way".to_owned() });
        }
        state.rehearsals.clear(row.tenant_id);
        Reply::accepted(&RehearsalItem::from(row.clone()))
    };
    write.once.carry_out(&state, (row.tenant_id, session.user_id), work).await
}
