//! `POST /requests/{id}/withdraw`: takes a request back. For merchants' admins.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_domain::RequestId;
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
    let doing = Doing::new((&session, &request, &state), *id, &form, Deed::Withdraw).await?;
    let done = state.engine.desk().withdraw(Uuid::now_v7(), session.hand(), doing.at).await;
    doing.end(done).await
}
