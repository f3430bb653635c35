//! `POST /returns/{id}/photos`: keeps pictures of what comes back. For staff.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use storewire_domain::ReturnId;

use super::told;
use crate::{
    api::returns::addressed,
    error::WebError,
    extract::Session,
    panel::upload::{self, Caps},
    state::AppState,
};

/// Handles the request. A file that is refused ends it, and nothing is attached then.
pub async fn submit(
    session: Session,
    id: web::Path<ReturnId>,
    form: Multipart,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    let desk = state.engine.desk();
    let mut kept = Vec::new();
    let limits = desk.file_limits();
    let texts = upload::read(form, Caps { file_bytes: limits.bytes, files: limits.files }, async |_, file| {
        kept.push(desk.upload(row.tenant_id, session.hand(), file.name, file.bytes).await?.id);
        Ok(())
    })
    .await?;
    let deed = texts.get("deed").parse().map_err(|_| WebError::BadRequest("this is no form of ours".to_owned()))?;
    let outcome = desk.add_photos(deed, session.hand(), (row.tenant_id, row.id), kept).await;
    told(&row, outcome, "photographed")
}
