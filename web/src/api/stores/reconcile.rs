//! `POST /api/v1/stores/{id}/reconcile`: compares everything that a store holds with our copy. For staff.

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

/// Has a store compared with our copy record by record, and repaired where they differ; walks and drift tell what it finds.
#[utoipa::path(post, path = "/api/v1/stores/{id}/reconcile", tag = "stores", operation_id = "reconcileStore",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Asked; a paused store is compared when it is resumed", body = StoreItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Sync).await?;
    let work = async |_| {
        state.engine.reconcile(&store, session.user_id).await?;
        StoreItem::after(&session, &state, *id).await
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
