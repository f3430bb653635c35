//! `POST /api/v1/returns/{id}/items/{position}/restock`: has one item put back on the shelf, again if the store refused. For staff.

use actix_web::{HttpResponse, web};
use storewire_actors::desk::{ReturnAt, ReturnStep};
use storewire_domain::{ReturnId, returns::ItemDecision};
use uuid::Uuid;

use super::{ReturnItem, addressed};
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Decides that an item goes back on the shelf, on what the store counts now. It is the step `decide` for one item.
#[utoipa::path(post, path = "/api/v1/returns/{id}/items/{position}/restock", tag = "returns", operation_id = "restockItem",
    params(
        ("id" = Uuid, Path, description = "The return's id"),
        ("position" = i32, Path, description = "Which item, from 1"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is on its way", body = ReturnItem),
        (status = 409, description = "The goods did not come yet, or all is over (`illegal_step`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`)", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such item (`no_such_item`), the store does not count it (`not_counted`), or another item is not decided (`not_decided`)", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    path: web::Path<(Uuid, i32)>,
    Write { once, version, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let (id, position) = path.into_inner();
    let row = addressed(&session, &state, ReturnId(id)).await?;
    let of = ReturnAt { tenant: row.tenant_id, id: row.id, version: needed(version)? };
    let step = ReturnStep::Decide(vec![(position, ItemDecision::Restock)]);
    let work = async |deed| {
        let row = state.engine.desk().step_return(deed, session.hand(), of, step).await?;
        Reply::done(&ReturnItem::of(row, session.class()))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
