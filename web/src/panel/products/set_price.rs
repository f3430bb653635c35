//! `POST /products/{id}/price`: wishes a product's prices changed in its store.

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
        merge::Take,
        propose::{propose, refuse},
        url,
    },
    state::AppState,
};

/// The form. An empty price is none.
#[derive(Debug, Deserialize)]
pub struct PriceForm {
    /// What the page showed.
    seen_regular: String,
    seen_sale: String,
    regular: String,
    sale: String,
    /// Whose price it is to be, where two people changed it.
    #[serde(default, rename = "take.regular")]
    take_regular: Option<Take>,
    #[serde(default, rename = "take.sale")]
    take_sale: Option<Take>,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    form: web::Form<PriceForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Products).await?;
    let back = url::product(*id);
    let chosen = |take, seen, typed| if take == Some(Take::Now) { seen } else { typed };
    let regular = amount::read_optional(chosen(form.take_regular, &form.seen_regular, &form.regular));
    let sale = amount::read_optional(chosen(form.take_sale, &form.seen_sale, &form.sale));
    let (Ok(regular), Ok(sale)) = (regular, sale) else {
        return Ok(refuse(&back, "amount"));
    };
    let shown = (amount::read_optional(&form.seen_regular), amount::read_optional(&form.seen_sale));
    if shown == (Ok(regular), Ok(sale)) {
        return Ok(refuse(&back, "unchanged"));
    }
    let seen = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let seen = json!({ "regular_price": seen(&form.seen_regular), "sale_price": seen(&form.seen_sale) });
    propose(&state, (&session, &request), product, Edit::Price { regular, sale }, Some(seen), &back).await
}
