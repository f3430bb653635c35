//! `POST /products/{id}/status`: wishes a product published, drafted or hidden in its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use storewire_domain::{Edit, ProductId};
use storewire_guard::access::Area;

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
    id: web::Path<ProductId>,
    form: web::Form<StatusForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Products).await?;
    let edit = Edit::ProductStatus { status: form.status.clone() };
    propose(&state, (&session, &request), product, edit, Some(json!({ "status": form.seen })), &url::product(*id)).await
}
