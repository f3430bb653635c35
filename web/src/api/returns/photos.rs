//! `POST /api/v1/returns/{id}/photos`: attaches pictures of what comes back. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{AttachmentId, ReturnId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ReturnItem, addressed};
use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which files.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturnPhotos {
    /// Pictures that you uploaded to `/api/v1/attachments` and that nothing carries yet.
    attachments: Vec<Uuid>,
}

/// Attaches photos, whatever has become of the return: all of them or none.
#[utoipa::path(post, path = "/api/v1/returns/{id}/photos", tag = "returns", operation_id = "addReturnPhotos",
    request_body = NewReturnPhotos,
    params(("id" = Uuid, Path, description = "The return's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "They are attached", body = ReturnItem),
        (status = 422, description = "There is none (`no_photos`), too many (`too_many_files`), one that shows nothing (`not_picture`), or one that is not yours to attach (`not_yours`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewReturnPhotos>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, ReturnId(*id)).await?;
    let of = (row.tenant_id, row.id);
    let files = body.attachments.into_iter().map(AttachmentId).collect();
    let work = async |deed| {
        let row = state.engine.desk().add_photos(deed, session.hand(), of, files).await?;
        let item = ReturnItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (of.0, session.user_id), work).await
}
