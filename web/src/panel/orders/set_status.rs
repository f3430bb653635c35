//! `POST /orders/{id}/status`: wishes an order's status changed in its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use storewire_domain::{Edit, OrderId};

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{propose::propose, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct StatusForm {
    /// What the page showed.
    seen: String,
    status: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<OrderId>,
    form: web::Form<StatusForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let order = addressed(&session, &state, *id).await?;
    let edit = Edit::OrderStatus { status: form.status.clone() };
    propose(&state, (&session, &request), order, edit, Some(json!({ "status": form.seen })), &url::order(*id)).await
}
