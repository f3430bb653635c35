//! `POST /stores/{id}/reconcile`: compares everything a store has with our copy, and repairs what differs.

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
    let store = addressed(&session, &state, *id, Action::Sync).await?;
    state.engine.reconcile(&store, session.user_id).await?;
    Ok(form.back(store.id, "reconciling"))
}
