//! `POST /stores/{id}/webhook-secret`: has a store sign its webhooks with a new secret; what is on its way under the old one is still taken.

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
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    state.engine.rotate_webhook_secret(&store, session.user_id).await?;
    Ok(form.back(store.id, "secret"))
}
