//! `POST /api/v1/inventory/approvals/{id}/comments`: says something about a request. For everyone who sees it.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::RequestId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RequestItem, addressed};
use crate::{
    api::{once::Reply, write::Write},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// At most 10,000 characters; both sides read it.
    text: String,
}

/// Adds a comment, whatever has become of the request.
#[utoipa::path(post, path = "/api/v1/inventory/approvals/{id}/comments", tag = "requests", operation_id = "commentRequest",
    request_body = NewComment,
    params(("id" = Uuid, Path, description = "The request's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It was said", body = RequestItem)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewComment>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, RequestId(*id)).await?;
    session.require(Area::Requests, Action::Comment)?;
    let (tenant, request) = (row.tenant_id, row.id);
    let work = async |deed| {
        let row = state.engine.desk().comment(deed, session.hand(), tenant, request, body.text).await?;
        let item = RequestItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}
