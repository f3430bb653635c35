//! `POST /api/v1/inventory/approvals/{id}/withdraw`: takes a request back. For merchants' admins.

use actix_web::{HttpResponse, web};
use storewire_actors::desk::At;
use storewire_domain::RequestId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::{RequestItem, addressed};
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Takes back a request that waits, whoever of the merchant's people asked for it.
#[utoipa::path(post, path = "/api/v1/inventory/approvals/{id}/withdraw", tag = "requests", operation_id = "withdrawRequest",
    params(
        ("id" = Uuid, Path, description = "The request's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is taken back", body = RequestItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`): the values of now are in the answer", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { once, version, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, RequestId(*id)).await?;
    session.require(Area::Requests, Action::Withdraw)?;
    let of = At { tenant: row.tenant_id, id: row.id, version: needed(version)? };
    let work = async |deed| {
        let row = state.engine.desk().withdraw(deed, session.hand(), of).await?;
        Reply::done(&RequestItem::of(row, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
