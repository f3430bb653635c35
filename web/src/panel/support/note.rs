//! `POST /support/{id}/notes`: notes something that no merchant sees.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use storewire_domain::TicketId;
use storewire_guard::access::Action;

use super::{addressed, outcome, show, thread, words};
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url, view::Typed},
    state::AppState,
};

/// Handles the request. What is refused comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<TicketId>,
    state: web::Data<AppState>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Edit).await?;
    let said = words::read(form, &session, &state, &row).await?;
    let text = said.words.text.clone();
    let done = state.engine.desk().note(said.deed, session.hand(), thread(&row), said.words).await;
    let Some(why) = done.as_ref().err().and_then(outcome::why) else {
        return outcome::tell(done, &url::ticket(*id), "ticket_noted");
    };
    let typed = Typed { note: text, why: Some(why), ..Typed::default() };
    let page = show::page(&session, &request, *id, &state, typed).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
