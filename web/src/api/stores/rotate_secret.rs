//! `POST /api/v1/stores/{id}/webhook-secret`: has a store sign its webhooks with a new secret. For admins.

use actix_web::{HttpResponse, web};
use storewire_guard::access::Action;
use uuid::Uuid;

use super::{addressed, item::StoreItem};
use crate::{
    api::write::{NoBody, Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Makes a new webhook secret; what the store has queued under the old one is taken for a day.
#[utoipa::path(post, path = "/api/v1/stores/{id}/webhook-secret", tag = "stores", operation_id = "rotateWebhookSecret",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The store is told at the next look at its webhooks", body = StoreItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    let work = async |_| {
        state.engine.rotate_webhook_secret(&store, session.user_id).await?;
        StoreItem::after(&session, &state, *id).await
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
