//! `POST /support/{id}/messages`: says something in a ticket.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use storewire_domain::TicketId;
use storewire_guard::access::Action;

use super::{addressed, outcome, thread, words};
use crate::{error::WebError, extract::Session, panel::url, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    state: web::Data<AppState>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Comment).await?;
    let said = words::read(form, &session, &state, &row).await?;
    let done = state.engine.desk().say(said.deed, session.hand(), thread(&row), said.words).await;
    outcome::tell(done, &url::ticket(*id), "ticket_said")
}
