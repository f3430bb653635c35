//! `GET /api/v1/deliveries/{id}`: one received webhook with its bytes. For staff.

use actix_web::web;
use serde::Serialize;
use storewire_db::deliveries;
use storewire_domain::DeliveryId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{bytes::RawBody, deliveries::DeliveryItem},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A delivery with its body as it was received.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryPage {
    #[serde(flatten)]
    pub delivery: DeliveryItem,
    #[serde(flatten)]
    pub raw: RawBody,
}

/// Shows one delivery.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}", tag = "deliveries", operation_id = "showDelivery",
    params(("id" = Uuid, Path, description = "The delivery's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The delivery", body = DeliveryPage),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<DeliveryPage>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let (row, bytes) = deliveries::find(&tx, DeliveryId(*id)).await?.ok_or(WebError::NotFound)?;
    session.require(Area::Stores, Action::View)?;
    tx.commit().await?;
    Ok(web::Json(DeliveryPage { delivery: row.into(), raw: bytes.into() }))
}
