//! `POST /deliveries/{id}/replay`: has a stored delivery handled again by today's code.

use actix_web::{HttpResponse, web};
use storewire_db::{deliveries, stores};
use storewire_domain::DeliveryId;
use storewire_guard::access::Action;

use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, stores as pages, url},
    state::AppState,
};

/// Handles the request. What becomes of it is on the delivery's page as soon as its store's actor has looked.
pub async fn submit(
    session: Session,
    id: web::Path<DeliveryId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::Sync)?;
    let tx = state.db.read(&session.scope()).await?;
    let (row, _) = deliveries::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let store = stores::find(&tx, row.store_id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    let replayed = state.engine.replay(&store, &[*id], session.user_id).await?;
    let word = if replayed > 0 { "replayed" } else { "nothing" };
    Ok(respond::see(&url::saying(&url::delivery(id.uuid()), word)))
}
