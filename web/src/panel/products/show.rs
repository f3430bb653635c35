//! `GET /products/{id}`: one product with its variations and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::products;
use storewire_domain::ProductId;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{ProductPage, ProductView},
    },
    state::AppState,
};

/// Handles the request. Another tenant's product is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let live = url::live("product", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&ProductPage {
        frame: Frame::new(&request, &session, url::PRODUCTS, now, &t).following(live),
        product: ProductView::new(&product, session.class(), now, &t),
        t,
    })
}
