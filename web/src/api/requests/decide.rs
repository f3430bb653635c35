//! `PATCH /api/v1/inventory/approvals/{id}`: approves or rejects a request, or brings a failed one back. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::At;
use storewire_domain::{
    RequestId,
    request::{Decision, Meaning},
};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RequestItem, addressed};
use crate::{
    api::{
        once::Reply,
        write::{Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What is decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decided {
    /// Has it written to the store, on the values of now.
    Approve {
        /// How a quantity is meant: `absolute` or `relative`; left out, as the asker meant it.
        #[schema(value_type = Option<String>, example = "absolute")]
        meaning: Option<Meaning>,
    },
    /// Ends it.
    Reject {
        /// Why, for the asker.
        reason: String,
    },
    /// Brings one that failed back to be decided, with what the store holds by now.
    Reopen {},
}

/// Decides a request as it was seen. What is approved is on its way to the store when this answers; the live socket tells its end.
#[utoipa::path(patch, path = "/api/v1/inventory/approvals/{id}", tag = "requests", operation_id = "decideRequest",
    request_body = Decided,
    params(
        ("id" = Uuid, Path, description = "The request's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is decided", body = RequestItem),
        (status = 403, description = "Your role may not do this, or it is your own (`four_eyes`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody was faster (`already_decided`), it no longer waits (`not_waiting`), or its record is gone (`gone`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`): the values of now are in the answer", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<Decided>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, RequestId(*id)).await?;
    session.require(Area::Requests, Action::Approve)?;
    let of = At { tenant: row.tenant_id, id: row.id, version: needed(version)? };
    let (desk, by) = (state.engine.desk(), session.hand());
    let work = async |deed| {
        let decided = match body {
            Decided::Approve { meaning } => {
                let decision = Decision::Approve(meaning.unwrap_or(row.asked_meaning));
                desk.decide(deed, by, of, decision, String::new()).await
            }
            Decided::Reject { reason } => desk.decide(deed, by, of, Decision::Reject, reason).await,
            Decided::Reopen {} => desk.reopen(deed, by, of).await,
        };
        Reply::done(&RequestItem::of(decided?, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

/// The same as `PATCH`.
#[utoipa::path(put, path = "/api/v1/inventory/approvals/{id}", tag = "requests", operation_id = "putDecision",
    request_body = Decided,
    params(
        ("id" = Uuid, Path, description = "The request's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is decided", body = RequestItem),
        (status = "4XX", description = "As `PATCH` answers", body = Problem, content_type = "application/problem+json")))]
pub async fn put(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    wanted: Write<Decided>,
) -> Result<HttpResponse, WebError> {
    handler(session, state, id, wanted).await
}
