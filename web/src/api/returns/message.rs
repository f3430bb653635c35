//! `POST /api/v1/returns/{id}/messages`: writes to the buyer. For staff.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use storewire_domain::ReturnId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What the buyer is told, by e-mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturnMessage {
    /// At most 200 characters.
    subject: String,
    /// At most 10,000 characters.
    text: String,
}

/// A message on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct WrittenMessage {
    /// The letter that it became.
    pub letter_id: Uuid,
    /// Where its deliveries are told.
    #[schema(example = "/api/v1/letters?about=0195f7a0-0000-7000-8000-000000000001")]
    pub deliveries: String,
}

/// Writes to the buyer, whatever has become of the return. It is sent by and by; what its deliveries met with is told in their log.
#[utoipa::path(post, path = "/api/v1/returns/{id}/messages", tag = "returns", operation_id = "writeToBuyer",
    request_body = NewReturnMessage,
    params(("id" = Uuid, Path, description = "The return's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It is on its way", body = WrittenMessage),
        (status = 422, description = "There is nowhere to write to (`no_email`), or nothing is said (`empty`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewReturnMessage>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, ReturnId(*id)).await?;
    let of = (row.tenant_id, row.id);
    let work = async |deed| {
        let row = state.engine.desk().write_to_buyer(deed, session.hand(), of, body.subject, body.text).await?;
        Reply::accepted(&WrittenMessage { letter_id: deed, deliveries: format!("/api/v1/letters?about={}", row.id) })
    };
    once.carry_out(&state, (of.0, session.user_id), work).await
}
