//! `POST /support/{id}/assign`: gives a ticket to one of the platform's people, or to nobody.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{TicketId, UserId};
use storewire_guard::access::Action;
use uuid::Uuid;

use super::{addressed, outcome, seen};
use crate::{error::WebError, extract::Session, panel::url, state::AppState};

/// The form.
#[derive(Debug, Deserialize)]
pub struct AssignForm {
    /// Empty for nobody.
    assignee: String,
    version: i64,
    deed: Uuid,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    form: web::Form<AssignForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Edit).await?;
    let to: Option<UserId> = match form.assignee.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| WebError::BadRequest("nobody has such an id".to_owned()))?),
    };
    let done = state.engine.desk().assign(form.deed, session.hand(), seen(&row, form.version), to).await;
    outcome::tell(done, &url::ticket(*id), "ticket_assigned")
}
