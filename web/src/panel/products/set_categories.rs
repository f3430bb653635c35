//! `POST /products/{id}/categories`: wishes a product in other categories of its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use storewire_domain::{Edit, ProductId, RemoteId};
use storewire_guard::access::Area;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{propose::propose, url},
    state::AppState,
};

/// Handles the request. Ticked categories come as `category`, those that the page showed as ticked as `seen`.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Products).await?;
    let of =
        |wanted: &str| form.iter().filter(|(name, _)| name == wanted).map(|(_, id)| id.clone()).collect::<Vec<_>>();
    let edit = Edit::Categories { ids: of("category").into_iter().map(RemoteId).collect() };
    propose(&state, (&session, &request), product, edit, Some(json!({ "categories": of("seen") })), &url::product(*id))
        .await
}
