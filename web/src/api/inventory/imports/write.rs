//! `POST /api/v1/inventory/imports/{id}/write`: has a file written that somebody looked at. For staff.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::{ImportItem, seen};
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Puts every line on its way that changes something. Each is written only if the store still holds what was looked at.
#[utoipa::path(post, path = "/api/v1/inventory/imports/{id}/write", tag = "inventory", operation_id = "writeImport",
    params(
        ("id" = Uuid, Path, description = "The file's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "Its lines are on their way", body = ImportItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It was dropped (`not_previewed`), or looked at too long ago (`expired`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`)", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { once, version, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let of = seen(&session, &state, *id, version).await?;
    let work = async |_| {
        let row = state.engine.desk().write_import(session.hand(), of).await?;
        Reply::accepted(&ImportItem::from(row))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
