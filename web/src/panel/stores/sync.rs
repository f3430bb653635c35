//! `POST /stores/{id}/sync`: asks a store's actor to read now.

use actix_web::{HttpResponse, web};
use storewire_db::stores;
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::Sync)?;
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    // A paused store has no actor to ask; a parked one is resumed by asking.
    let asked = if state.engine.sync_now(&store).await? { "yes" } else { "asleep" };
    Ok(respond::see(&url::with(&url::store(*id), &[("asked", asked)])))
}
