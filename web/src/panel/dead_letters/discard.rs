//! `POST /dead-letters/discard`: closes dead letters for good; their bytes are kept.

use actix_web::{HttpResponse, web};

use super::{DeadForm, addressed};
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Handles the request.
pub async fn submit(
    session: Session,
    form: web::Form<DeadForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, form.store).await?;
    let (which, next) = form.selection()?;
    let taken = state.engine.discard_dead(&store, &which, session.user_id).await?;
    Ok(respond::see(&url::saying(&next, if taken > 0 { "discarded" } else { "nothing" })))
}
