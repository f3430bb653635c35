//! `POST /stores/{id}/resume`: goes on with a store where it was paused.

use actix_web::{HttpResponse, web};
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::{Pressed, addressed};
use crate::{error::WebError, extract::Session, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    form: web::Form<Pressed>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Pause).await?;
    state.engine.resume(&store, session.user_id).await?;
    Ok(form.back(store.id, "resumed"))
}
