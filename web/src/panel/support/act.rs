//! `POST /support/{id}/act`: does something about what a ticket is about, from its thread.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::TicketAct;
use storewire_domain::{RequestId, TicketId, request::Meaning};
use storewire_guard::access::Action;
use uuid::Uuid;

use super::{addressed, outcome, thread};
use crate::{
    api::tickets::act::{NewAction, settled},
    error::WebError,
    extract::Session,
    panel::url,
    state::AppState,
};

/// The form: which button, and what it is about.
#[derive(Debug, Deserialize)]
pub struct ActForm {
    action: String,
    deed: Uuid,
    request: Option<RequestId>,
    /// Of the request.
    version: Option<i64>,
    meaning: Option<Meaning>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    seen: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TicketId>,
    form: web::Form<ActForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Edit).await?;
    let form = form.into_inner();
    let deed = form.deed;
    let act: TicketAct = settled(&session, &state, form.action().ok_or_else(unknown)?).await?;
    let done = state.engine.desk().act(deed, session.hand(), thread(&row), act).await;
    outcome::tell(done, &url::ticket(*id), "ticket_acted")
}

impl ActForm {
    fn action(self) -> Option<NewAction> {
        let of = self.request.zip(self.version);
        Some(match (self.action.as_str(), of) {
            ("approve", Some((request, version))) => {
                NewAction::Approve { request_id: request.uuid(), version, meaning: self.meaning }
            }
            ("reject", Some((request, version))) => {
                NewAction::Reject { request_id: request.uuid(), version, reason: self.reason }
            }
            ("order_status", _) => NewAction::OrderStatus { status: self.status, seen: self.seen },
            ("resync", _) => NewAction::Resync {},
            _ => return None,
        })
    }
}

fn unknown() -> WebError {
    WebError::BadRequest("the form names no action of ours".to_owned())
}
