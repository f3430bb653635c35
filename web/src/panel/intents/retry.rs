//! `POST /changes/{id}/retry`: tries a failed change again.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::{Pressed, addressed};
use crate::{error::WebError, extract::Session, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<Uuid>,
    form: web::Form<Pressed>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let intent = addressed(&session, &state, *id).await?;
    let is_done = state.engine.retry_intent(&intent, session.user_id).await?;
    Ok(form.back(&intent, if is_done { "proposed" } else { "too_late" }))
}
