//! `GET /api/v1/stores/{id}`: one store. For everyone; merchants get their own, without its troubles.

use actix_web::web;
use uuid::Uuid;

use crate::{
    api::stores::item::StoreItem,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Shows one store.
#[utoipa::path(get, path = "/api/v1/stores/{id}", tag = "stores", operation_id = "showStore",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The store", body = StoreItem),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<StoreItem>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = StoreItem::find(&tx, &session, *id, state.clock.now()).await?;
    tx.commit().await?;
    Ok(web::Json(store))
}
