//! `POST /products/{id}/trash`: wishes a product in its store's trash.

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
pub struct TrashForm {
    /// The status that the page showed.
    seen: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<ProductId>,
    request: HttpRequest,
    form: web::Form<TrashForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Products).await?;
    let seen = Some(json!({ "status": form.seen }));
    propose(&state, (&session, &request), product, Edit::Trash, seen, &url::product(*id)).await
}
