//! `POST /api/v1/inventory/imports/{id}/drop`: puts a file away. For staff.

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

/// Puts a file away of which nothing was written.
#[utoipa::path(post, path = "/api/v1/inventory/imports/{id}/drop", tag = "inventory", operation_id = "dropImport",
    params(
        ("id" = Uuid, Path, description = "The file's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is put away", body = ImportItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is written (`not_previewed`)", body = Problem, content_type = "application/problem+json"),
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
        let row = state.engine.desk().drop_import(session.hand(), of).await?;
        Reply::done(&ImportItem::from(row))
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}
