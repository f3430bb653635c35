//! `POST /rehearsals`: begins a rehearsal, or says what must be corrected.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{list, require};
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::words,
        respond, url,
        view::{RehearsalForm, rehearsal_fault},
    },
    rehearsals::{BeginError, wanted},
    state::AppState,
};

/// Handles the request. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    // Boxes of one name come as often as they are ticked.
    fields: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    let t = words(&session);
    let form = RehearsalForm::read(&fields);
    let tx = state.db.read(&session.scope()).await?;
    let wanted = wanted(&tx, &session, form.asked()).await?;
    tx.commit().await?;
    let problem = match wanted {
        Ok(wanted) => match state.rehearsals.begin(wanted).await {
            Ok(id) => return Ok(respond::see(&url::rehearsal(id))),
            Err(BeginError::Busy) => t.get("rehearsal-busy"),
            Err(error) => return Err(error.into()),
        },
        Err(refused) => rehearsal_fault(&refused, &t),
    };
    let page = list::page(&session, &request, &state, form.with_problem(problem)).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
