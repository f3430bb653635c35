//! `GET /api/v1/products`: products by name. For everyone, within their own stores.

use actix_web::web;
use serde::Deserialize;
use storewire_db::{ProductFilter, ProductSummary, products};
use storewire_domain::{ProductId, StoreId};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        page::{self, Page},
        products::ProductItem,
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which products.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// `instock`, `outofstock` or `onbackorder` only.
    stock_status: Option<String>,
    /// Part of the name, SKU or GTIN.
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists products by name; variations are on their product's page.
#[utoipa::path(get, path = "/api/v1/products", tag = "products", operation_id = "listProducts", params(ProductQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of products", body = Page<ProductItem>),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<ProductQuery>,
) -> Result<web::Json<Page<ProductItem>>, WebError> {
    session.require(Area::Products, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after: Option<(String, Uuid)> = page::place(query.after.as_deref())?;
    let filter = ProductFilter {
        store: query.store.map(StoreId),
        stock_status: page::filter("stock_status", query.stock_status)?,
        search: page::filter("q", query.q)?,
        after: after.map(|(name, id)| (name, ProductId(id))),
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = products::list(&tx, &filter).await?;
    tx.commit().await?;
    let mark = |product: &ProductSummary| page::mark(&(&product.sort_name, product.id));
    Ok(web::Json(Page::of(rows, limit, mark, ProductItem::from)))
}
