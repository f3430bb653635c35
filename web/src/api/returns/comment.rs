//! `POST /api/v1/returns/{id}/comments`: says something about a return, for staff and merchants to read. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::ReturnId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ReturnItem, addressed};
use crate::{
    api::{once::Reply, write::Write},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturnComment {
    /// At most 10,000 characters; both sides read it, the buyer does not.
    text: String,
}

/// Adds a comment, whatever has become of the return.
#[utoipa::path(post, path = "/api/v1/returns/{id}/comments", tag = "returns", operation_id = "commentReturn",
    request_body = NewReturnComment,
    params(("id" = Uuid, Path, description = "The return's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It was said", body = ReturnItem)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewReturnComment>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, ReturnId(*id)).await?;
    let of = (row.tenant_id, row.id);
    let work = async |deed| {
        let row = state.engine.desk().comment_return(deed, session.hand(), of, body.text).await?;
        let item = ReturnItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (of.0, session.user_id), work).await
}
