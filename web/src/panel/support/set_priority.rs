//! `POST /support/{id}/priority`: says how soon a ticket is to be answered.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{TicketId, ticket::Priority};
use storewire_guard::access::Action;
use uuid::Uuid;

use super::{addressed, outcome, seen};
use crate::{error::WebError, extract::Session, panel::url, state::AppState};

/// The form.
#[derive(Debug, Deserialize)]
pub struct PriorityForm {
    priority: Priority,
    version: i64,
    deed: Uuid,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    form: web::Form<PriorityForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Edit).await?;
    let seen = seen(&row, form.version);
    let done = state.engine.desk().prioritise(form.deed, session.hand(), seen, form.priority).await;
    outcome::tell(done, &url::ticket(*id), "ticket_prioritised")
}
