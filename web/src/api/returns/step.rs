//! `PATCH /api/v1/returns/{id}`: moves a return. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::{ReturnAt, ReturnStep};
use storewire_domain::{ReturnId, returns::ItemDecision};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ReturnItem, addressed};
use crate::{
    api::{
        money::Amount,
        once::Reply,
        write::{Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What moves it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum MoveReturn {
    /// The goods may come.
    Accept {},
    /// They may not.
    Decline {
        /// Why; both sides read it.
        reason: String,
    },
    /// They came; again, to correct the count.
    Receive {
        /// Every item.
        items: Vec<CountedItem>,
    },
    /// What becomes of them; again, where the store did not take one back on its shelf.
    Decide {
        /// Of items that are not named, what was said before.
        items: Vec<DecidedItem>,
    },
    /// It became so.
    Close {},
    /// The buyer keeps the goods, or they never came.
    Cancel {},
}

/// How many came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedItem {
    /// Which item, from 1.
    position: i32,
    /// From 0 to as many as were to come.
    #[schema(value_type = String, example = "1")]
    received: Amount,
}

/// What becomes of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecidedItem {
    /// Which item, from 1.
    position: i32,
    /// `restock`, `scrap` or `send_back`.
    #[schema(value_type = String, example = "restock")]
    decision: ItemDecision,
}

impl From<MoveReturn> for ReturnStep {
    fn from(step: MoveReturn) -> Self {
        match step {
            MoveReturn::Accept {} => Self::Accept,
            MoveReturn::Decline { reason } => Self::Decline { reason },
            MoveReturn::Receive { items } => {
                Self::Receive(items.into_iter().map(|item| (item.position, item.received.0)).collect())
            }
            MoveReturn::Decide { items } => {
                Self::Decide(items.into_iter().map(|item| (item.position, item.decision)).collect())
            }
            MoveReturn::Close {} => Self::Close,
            MoveReturn::Cancel {} => Self::Cancel,
        }
    }
}

/// Moves a return as it was seen. What goes back on the shelf is on its way to the store when this answers; the live socket tells its end.
#[utoipa::path(patch, path = "/api/v1/returns/{id}", tag = "returns", operation_id = "moveReturn",
    request_body = MoveReturn,
    params(
        ("id" = Uuid, Path, description = "The return's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It has moved", body = ReturnItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It stands where this cannot follow (`illegal_step`), or an item is not back on the shelf yet (`restock_open`) or already (`restock_begun`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`)", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "An item is missing (`not_received`, `not_decided`), unknown (`no_such_item`), too many (`too_many`, `bad_quantity`) or not counted by the store (`not_counted`), or there is no `reason`", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<MoveReturn>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, ReturnId(*id)).await?;
    let of = ReturnAt { tenant: row.tenant_id, id: row.id, version: needed(version)? };
    let work = async |deed| {
        let row = state.engine.desk().step_return(deed, session.hand(), of, body.into()).await?;
        Reply::done(&ReturnItem::of(row, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
