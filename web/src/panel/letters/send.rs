//! `POST /letters/{id}/send`: sends a letter on its way again that failed. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::LetterId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    api::letters::send::addressed,
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct SendForm {
    deed: Uuid,
    #[serde(default)]
    next: String,
}

/// Handles the request. One that did not fail is left alone.
pub async fn submit(
    session: Session,
    id: web::Path<LetterId>,
    form: web::Form<SendForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    session.require(Area::Support, Action::Edit)?;
    let is_waiting = state.engine.desk().send_again(form.deed, session.hand(), row.tenant_id, row.id).await?;
    let word = if is_waiting { "letter" } else { "nothing" };
    Ok(respond::see(&url::saying(url::same_site(&form.next), word)))
}
