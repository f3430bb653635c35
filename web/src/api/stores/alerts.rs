//! `GET /api/v1/stores/{id}/alerts`: what is wrong with a store now. For staff.

use actix_web::web;
use storewire_db::alerts;
use storewire_guard::access::Action;
use uuid::Uuid;

use super::visible;
use crate::{
    api::{alerts::AlertItem, page::Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Lists a store's open alerts, oldest first.
#[utoipa::path(get, path = "/api/v1/stores/{id}/alerts", tag = "stores", operation_id = "listStoreAlerts",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Its open alerts, all of them", body = Page<AlertItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<Page<AlertItem>>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let open = alerts::open(&tx).await?;
    tx.commit().await?;
    let items = open.into_iter().filter(|alert| alert.store_id == store.id).map(AlertItem::from).collect();
    Ok(web::Json(Page { items, next: None }))
}
