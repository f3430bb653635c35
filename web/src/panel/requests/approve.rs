//! `POST /requests/{id}/approve`: approves a request; what it wants is on its way to the store then. For staff.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_domain::{RequestId, request::Decision};
use uuid::Uuid;

use super::deed::{Deed, DeedForm, Doing};
use crate::{error::WebError, extract::Session, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<RequestId>,
    form: web::Form<DeedForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let doing = Doing::new((&session, &request, &state), *id, &form, Deed::Approve).await?;
    let decision = Decision::Approve(form.meaning.unwrap_or(doing.row.asked_meaning));
    let done = state.engine.desk().decide(Uuid::now_v7(), session.hand(), doing.at, decision, String::new()).await;
    doing.end(done).await
}
