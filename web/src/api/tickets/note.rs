//! `POST /api/v1/support/tickets/{id}/notes`: notes something that no merchant sees. For staff.

use actix_web::{HttpResponse, web};
use storewire_actors::desk::Thread;
use storewire_domain::TicketId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::{TicketItem, addressed, say::NewWords};
use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Adds a note. The ticket itself stays as it is, its version too.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/notes", tag = "support", operation_id = "noteOnTicket",
    request_body = NewWords,
    params(("id" = Uuid, Path, description = "The ticket's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It was noted", body = TicketItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewWords>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TicketId(*id)).await?;
    session.require(Area::Support, Action::Edit)?;
    let of = Thread { tenant: row.tenant_id, id: row.id };
    let work = async |deed| {
        let row = state.engine.desk().note(deed, session.hand(), of, body.into()).await?;
        let item = TicketItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
