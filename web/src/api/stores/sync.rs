//! `POST /api/v1/stores/{id}/sync`: read the store now rather than at its next turn. For staff.

use actix_web::{HttpResponse, web};
use storewire_db::stores;
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Asks the store's actor to read it now, and resumes a parked store; the answer does not wait for it.
#[utoipa::path(post, path = "/api/v1/stores/{id}/sync", tag = "stores", operation_id = "syncStore",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "Asked"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The store is paused", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    let store = StoreId(*id);
    let tx = state.db.read(&session.scope()).await?;
    let found = stores::find(&tx, store).await?;
    tx.commit().await?;
    // First whether it is there for this reader, then whether they may: a stranger's store is 404 for every role.
    let found = found.ok_or(WebError::NotFound)?;
    session.require(Area::Stores, Action::Sync)?;
    if state.engine.sync_now(&found).await? {
        return Ok(HttpResponse::Accepted().finish());
    }
    Err(WebError::Conflict {
        code: "not_running",
        detail: "the store is paused, or its actor is just starting".to_owned(),
    })
}
