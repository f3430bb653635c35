//! `POST /api/v1/support/tickets/{id}/actions`: does something about what a ticket is about, and says so in its thread. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::{Thread, TicketAct};
use storewire_domain::{RequestId, TicketId, request::Meaning};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TicketItem, addressed};
use crate::{
    api::{once::Reply, requests, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What is to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewAction {
    /// Approves a request that the ticket is about, or that is about the same record.
    Approve {
        request_id: Uuid,
        /// The request's version that you saw.
        version: i64,
        /// How a quantity is meant: `absolute` or `relative`; left out, as the asker meant it.
        #[schema(value_type = Option<String>, example = "absolute")]
        meaning: Option<Meaning>,
    },
    /// Rejects it.
    Reject {
        request_id: Uuid,
        /// The request's version that you saw.
        version: i64,
        /// Why, for the asker.
        reason: String,
    },
    /// Sets the status of the order that the ticket is about.
    OrderStatus {
        #[schema(example = "completed")]
        status: String,
        /// The status that you saw.
        #[schema(example = "processing")]
        seen: String,
    },
    /// Asks the store again for what the ticket is about.
    Resync {},
}

/// Acts from a thread. What goes to the store is on its way when this answers; the live socket tells its end.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/actions", tag = "support", operation_id = "actFromTicket",
    request_body = NewAction,
    params(("id" = Uuid, Path, description = "The ticket's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It is on its way", body = TicketItem),
        (status = 403, description = "Your role may not do this, or the request is your own (`four_eyes`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "The request is not as you saw it (`changed`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewAction>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, TicketId(*id)).await?;
    session.require(Area::Support, Action::Edit)?;
    let act = settled(&session, &state, body).await?;
    let of = Thread { tenant: row.tenant_id, id: row.id };
    let work = async |deed| {
        let row = state.engine.desk().act(deed, session.hand(), of, act).await?;
        Reply::accepted(&TicketItem::of(row, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

/// An action takes the right that it takes elsewhere.
pub(crate) async fn settled(session: &Session, state: &AppState, body: NewAction) -> Result<TicketAct, WebError> {
    Ok(match body {
        NewAction::Approve { request_id, version, meaning } => {
            session.require(Area::Requests, Action::Approve)?;
            let request = requests::addressed(session, state, RequestId(request_id)).await?;
            let meaning = meaning.unwrap_or(request.asked_meaning);
            TicketAct::Approve { request: request.id, version, meaning }
        }
        NewAction::Reject { request_id, version, reason } => {
            session.require(Area::Requests, Action::Approve)?;
            let request = requests::addressed(session, state, RequestId(request_id)).await?;
            TicketAct::Reject { request: request.id, version, reason }
        }
        NewAction::OrderStatus { status, seen } => {
            session.require(Area::Orders, Action::Edit)?;
            TicketAct::OrderStatus { status, seen }
        }
        NewAction::Resync {} => {
            session.require(Area::Stores, Action::Sync)?;
            TicketAct::Resync
        }
    })
}
