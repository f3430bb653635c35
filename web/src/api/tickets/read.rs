//! `POST /api/v1/support/tickets/{id}/read`: notes that the caller has read a ticket. For everyone who sees it.

use actix_web::{HttpResponse, http::StatusCode, web};
use storewire_actors::desk::Thread;
use storewire_domain::TicketId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Marks everything said so far as read by you.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/read", tag = "support", operation_id = "readTicket",
    params(("id" = Uuid, Path, description = "The ticket's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 204, description = "It is read")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { once, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TicketId(*id)).await?;
    session.require(Area::Support, Action::View)?;
    let of = Thread { tenant: row.tenant_id, id: row.id };
    let work = async |_| {
        state.engine.desk().read(&session.hand(), of, row.last_message_at).await?;
        Ok(Reply::empty(StatusCode::NO_CONTENT))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
