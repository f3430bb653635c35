//! `POST /api/v1/stores/{id}/resume`: lets a paused or parked store go on. For staff.

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

/// Resumes a store: what was delivered meanwhile is applied, and it is read at once.
#[utoipa::path(post, path = "/api/v1/stores/{id}/resume", tag = "stores", operation_id = "resumeStore",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Resumed", body = StoreItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Pause).await?;
    let work = async |_| {
        state.engine.resume(&store, session.user_id).await?;
        StoreItem::after(&session, &state, *id).await
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
