//! `POST /support/{id}/read`: notes that the reader has seen all that was said so far. Pages send it by themselves while they are looked at.

use actix_web::{HttpResponse, web};
use storewire_domain::TicketId;
use storewire_guard::access::Action;

use super::{addressed, thread};
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::View).await?;
    state.engine.desk().read(&session.hand(), thread(&row), row.last_message_at).await?;
    Ok(respond::see(&url::ticket(*id)))
}
