//! `GET /api/v1/intents/{id}`: where one change stands. For staff.

use actix_web::web;
use uuid::Uuid;

use super::addressed;
use crate::{
    api::intents::IntentItem,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Shows one intent. The live socket tells each of its steps (`intent.changed`).
#[utoipa::path(get, path = "/api/v1/intents/{id}", tag = "intents", operation_id = "showIntent",
    params(("id" = Uuid, Path, description = "The intent's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The intent", body = IntentItem),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<IntentItem>, WebError> {
    Ok(web::Json(addressed(&session, &state, *id).await?.into()))
}
