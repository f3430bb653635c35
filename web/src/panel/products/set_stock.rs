//! `POST /products/{id}/stock`: wishes how many of a product there are, in its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use storewire_domain::{Edit, ProductId};
use storewire_guard::access::Area;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        amount,
        propose::{propose, refuse},
        url,
    },
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct StockForm {
    /// What the page showed; empty where the store did not count.
    seen: String,
    quantity: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    form: web::Form<StockForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Inventory).await?;
    let back = url::product(*id);
    let Some(quantity) = amount::read(&form.quantity) else { return Ok(refuse(&back, "amount")) };
    let seen = (!form.seen.is_empty()).then_some(form.seen.as_str());
    propose(
        &state,
        (&session, &request),
        product,
        Edit::Stock { quantity },
        Some(json!({ "stock_quantity": seen })),
        &back,
    )
    .await
}
