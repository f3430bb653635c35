//! `POST /requests/{id}/reject`: ends a request with a reason that its asker reads. For staff.

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
    let doing = Doing::new((&session, &request, &state), *id, &form, Deed::Reject).await?;
    let (desk, reason) = (state.engine.desk(), form.reason.clone());
    let done = desk.decide(Uuid::now_v7(), session.hand(), doing.at, Decision::Reject, reason).await;
    doing.end(done).await
}
