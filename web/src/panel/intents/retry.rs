//! `POST /changes/{id}/retry`: tries a failed change again.

use actix_web::{HttpResponse, web};
use storewire_actors::ProposeError;
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
    if intent.cause.is_decided_again() {
        return Ok(form.back(&intent, "decide_again"));
    }
    let word = match state.engine.retry_intent(&intent, session.user_id).await {
        Ok(true) => "proposed",
        Ok(false) => "too_late",
        // By now the order has a status that this one does not follow.
        Err(ProposeError::Rejected(rejected)) => rejected.fault.as_str(),
        Err(error) => return Err(error.into()),
    };
    Ok(form.back(&intent, word))
}
