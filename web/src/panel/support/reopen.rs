//! `POST /support/{id}/reopen`: takes the closing of a ticket back.

use actix_web::{HttpResponse, web};
use storewire_domain::TicketId;
use storewire_guard::access::Action;

use super::{Versioned, addressed, outcome, seen};
use crate::{error::WebError, extract::Session, panel::url, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    form: web::Form<Versioned>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Comment).await?;
    let done = state.engine.desk().reopen_ticket(form.deed, session.hand(), seen(&row, form.version)).await;
    outcome::tell(done, &url::ticket(*id), "ticket_reopened")
}
