//! `POST /stores/{id}/sync`: asks a store's actor to read now.

use actix_web::{HttpResponse, web};
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::{Pressed, addressed};
use crate::{error::WebError, extract::Session, state::AppState};

/// Handles the request. A paused store has no actor to ask; a parked one is started by asking.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    form: web::Form<Pressed>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Sync).await?;
    let word = if state.engine.sync_now(&store, session.user_id).await? { "synced" } else { "asleep" };
    Ok(form.back(store.id, word))
}
