//! `POST /orders/{id}/tracking`: wishes a parcel's number added to an order in its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{Edit, OrderId};
use uuid::Uuid;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{propose::propose_once, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct TrackingForm {
    deed: Uuid,
    provider: String,
    number: String,
    #[serde(default)]
    url: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<OrderId>,
    form: web::Form<TrackingForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let order = addressed(&session, &state, *id).await?;
    let link = form.url.trim();
    let edit = Edit::Tracking {
        provider: form.provider.trim().to_owned(),
        number: form.number.trim().to_owned(),
        url: (!link.is_empty()).then(|| link.to_owned()),
    };
    propose_once(&state, (&session, &request), (order, form.deed), edit, &url::order(*id)).await
}
