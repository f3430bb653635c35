//! `GET /api/v1/attachments/{id}`: a file's bytes. For everyone who sees what carries it.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    web,
};
use storewire_db::AttachmentRow;
use storewire_domain::AttachmentId;
use uuid::Uuid;

use super::visible;
use crate::{error::WebError, extract::Session, state::AppState};

/// Gives the bytes. Pictures may be shown, everything else is for saving; a browser is told not to guess what it is.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "support", operation_id = "showAttachment",
    params(("id" = Uuid, Path, description = "The file's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The bytes, with their own type", body = [u8], content_type = "application/octet-stream")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let file = visible(&tx, &session, AttachmentId(*id)).await?;
    tx.commit().await?;
    let bytes = state.engine.desk().file(&file).await?;
    Ok(HttpResponse::Ok()
        .content_type(file.kind.mime())
        .insert_header((CACHE_CONTROL, "private, max-age=3600"))
        .insert_header(disposition(&file))
        .body(bytes))
}

fn disposition(file: &AttachmentRow) -> ContentDisposition {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: file.name.clone().into_bytes(),
    };
    let disposition = if file.kind.is_image() { DispositionType::Inline } else { DispositionType::Attachment };
    ContentDisposition { disposition, parameters: vec![DispositionParam::FilenameExt(name)] }
}
