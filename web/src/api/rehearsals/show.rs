//! `GET /api/v1/rehearsals/{id}`: how a rehearsal stands, or its report. For staff who keep every store.

use actix_web::web;
use storewire_domain::TenantId;
use uuid::Uuid;

use super::RehearsalItem;
use crate::{
    error::{Problem, WebError},
    extract::Session,
    rehearsals::addressed,
    state::AppState,
};

/// Shows a rehearsal, while it runs and afterwards.
#[utoipa::path(get, path = "/api/v1/rehearsals/{id}", tag = "rehearsals", operation_id = "showRehearsal",
    params(("id" = Uuid, Path, description = "The rehearsal's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The rehearsal", body = RehearsalItem),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<RehearsalItem>, WebError> {
    Ok(web::Json(addressed(&session, &state, TenantId(*id)).await?.into()))
}
