//! `POST /api/v1/support/tickets/{id}/messages`: says something in a ticket. For everyone who sees it.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::{Thread, Words};
use storewire_domain::{AttachmentId, TicketId};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TicketItem, addressed};
use crate::{
    api::{once::Reply, write::Write},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWords {
    /// At most 10,000 characters. It may be empty if a file says it.
    text: String,
    /// Files that you uploaded for it: their ids.
    #[serde(default)]
    attachments: Vec<Uuid>,
}

impl From<NewWords> for Words {
    fn from(new: NewWords) -> Self {
        Self { text: new.text, files: new.attachments.into_iter().map(AttachmentId).collect() }
    }
}

/// Adds a message that both sides read, whatever the ticket's version. The ticket then waits for the other side; a closed one is open again.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/messages", tag = "support", operation_id = "sayInTicket",
    request_body = NewWords,
    params(("id" = Uuid, Path, description = "The ticket's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It was said", body = TicketItem)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewWords>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TicketId(*id)).await?;
    session.require(Area::Support, Action::Comment)?;
    let of = Thread { tenant: row.tenant_id, id: row.id };
    let work = async |deed| {
        let row = state.engine.desk().say(deed, session.hand(), of, body.into()).await?;
        let item = TicketItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
