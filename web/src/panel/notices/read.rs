//! `POST /notices/read`: notes that one has read what one was told.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_db::notices::Which;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// The form: one line, or one and all that were told before it.
#[derive(Debug, Deserialize)]
pub struct ReadForm {
    id: Option<Uuid>,
    up_to: Option<Uuid>,
    #[serde(default)]
    next: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    form: web::Form<ReadForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Profile, Action::Edit)?;
    let one = form.id.as_slice();
    let which = form.up_to.map_or(Which::These(one), Which::UpTo);
    state.engine.desk().read_notices(session.user_id, &session.scope(), which).await?;
    let next = if form.next.is_empty() { url::NOTICES } else { url::same_site(&form.next) };
    Ok(respond::see(next))
}
