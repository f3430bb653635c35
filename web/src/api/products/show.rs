//! `GET /api/v1/products/{id}`: one product with its variations. For everyone, within their own stores.

use actix_web::web;
use serde::Serialize;
use storewire_db::{ProductDetail, products};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{products::ProductItem, timeline::TimelineEntry},
    error::{Problem, WebError},
    extract::Session,
    history::leave_out_others_requests,
    state::AppState,
};

/// A product with its variations and history.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductPage {
    #[serde(flatten)]
    pub product: ProductItem,
    pub categories: Vec<String>,
    pub variations: Vec<ProductItem>,
    /// What changed and what people did, newest first, the last 200 of each.
    pub timeline: Vec<TimelineEntry>,
}

/// Shows one product.
#[utoipa::path(get, path = "/api/v1/products/{id}", tag = "products", operation_id = "showProduct",
    params(("id" = Uuid, Path, description = "The product's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The product", body = ProductPage),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such product in your stores", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ProductPage>, WebError> {
    session.require(Area::Products, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, ProductId(*id)).await?;
    tx.commit().await?;
    let mut product = product.ok_or(WebError::NotFound)?;
    leave_out_others_requests(&mut product.deeds, &session);
    Ok(web::Json(product.into()))
}

impl From<ProductDetail> for ProductPage {
    fn from(detail: ProductDetail) -> Self {
        Self {
            product: detail.summary.into(),
            categories: detail.categories,
            variations: detail.variations.into_iter().map(ProductItem::from).collect(),
            timeline: TimelineEntry::all(&detail.timeline, &detail.deeds),
        }
    }
}
