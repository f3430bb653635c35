//! `PATCH /api/v1/support/tickets/{id}`: closes or reopens a ticket; staff also give it to somebody or say how soon it is to be answered.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer};
use storewire_actors::desk::Seen;
use storewire_domain::{
    TicketId, UserId,
    ticket::{Priority, TicketState},
};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TicketItem, addressed};
use crate::{
    api::{
        once::Reply,
        write::{Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What is to change: exactly one of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketChange {
    /// `closed`, or `open` for one that was closed.
    #[schema(value_type = Option<String>, example = "closed")]
    state: Option<TicketState>,
    /// `low`, `normal`, `high` or `urgent`. For staff.
    #[schema(value_type = Option<String>)]
    priority: Option<Priority>,
    /// One of the platform's people who keeps the store; null for nobody. For staff.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<Option<Uuid>>,
}

/// One of the changes.
enum Step {
    Close,
    Reopen,
    Prioritise(Priority),
    Assign(Option<UserId>),
}

/// Changes a ticket as it was seen.
#[utoipa::path(patch, path = "/api/v1/support/tickets/{id}", tag = "support", operation_id = "changeTicket",
    request_body = TicketChange,
    params(
        ("id" = Uuid, Path, description = "The ticket's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is changed", body = TicketItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It stands there already (`nothing_to_change`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`): how it stands is in the answer", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<TicketChange>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TicketId(*id)).await?;
    let step = Step::of(&body)?;
    session.require(Area::Support, step.action())?;
    let of = Seen { tenant: row.tenant_id, id: row.id, version: needed(version)? };
    let (desk, by) = (state.engine.desk(), session.hand());
    let work = async |deed| {
        let changed = match step {
            Step::Close => desk.close(deed, by, of).await,
            Step::Reopen => desk.reopen_ticket(deed, by, of).await,
            Step::Prioritise(priority) => desk.prioritise(deed, by, of, priority).await,
            Step::Assign(to) => desk.assign(deed, by, of, to).await,
        };
        Reply::done(&TicketItem::of(changed?, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

impl Step {
    /// The one change that a body names: each moves the version.
    fn of(body: &TicketChange) -> Result<Self, WebError> {
        let refuse = |code, detail: &str| Err(WebError::Unprocessable { code, detail: detail.to_owned() });
        match (body.state, body.priority, body.assignee) {
            (Some(TicketState::Closed), None, None) => Ok(Self::Close),
            (Some(TicketState::Open), None, None) => Ok(Self::Reopen),
            (Some(TicketState::Answered), None, None) => refuse("bad_state", "a ticket is answered by a message"),
            (None, Some(priority), None) => Ok(Self::Prioritise(priority)),
            (None, None, Some(assignee)) => Ok(Self::Assign(assignee.map(UserId))),
            (None, None, None) => refuse("nothing_to_change", "the body names nothing to change"),
            _ => refuse("one_at_a_time", "change one thing at a time: each is a version of its own"),
        }
    }

    const fn action(&self) -> Action {
        match self {
            Self::Close | Self::Reopen => Action::Comment,
            Self::Prioritise(_) | Self::Assign(_) => Action::Edit,
        }
    }
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<Uuid>>, D::Error> {
    Option::<Uuid>::deserialize(field).map(Some)
}
