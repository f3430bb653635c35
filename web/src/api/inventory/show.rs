//! `GET /api/v1/inventory/{id}`: the stock of one product or variation, and of the same article elsewhere. For everyone who sees it.

use actix_web::web;
use serde::Serialize;
use storewire_db::stock;
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::StockItem;
use crate::{error::WebError, extract::Session, state::AppState};

/// One stock with its siblings.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockPage {
    #[serde(flatten)]
    pub stock: StockItem,
    /// What else of the same merchant has this SKU, in whichever store.
    pub siblings: Vec<StockItem>,
}

/// Shows the stock of one product or variation, whether or not it is counted.
#[utoipa::path(get, path = "/api/v1/inventory/{id}", tag = "inventory", operation_id = "showStock",
    params(("id" = Uuid, Path, description = "The product's or variation's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The stock", body = StockPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<StockPage>, WebError> {
    session.require(Area::Inventory, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find(&tx, ProductId(*id)).await?.ok_or(WebError::NotFound)?;
    let siblings = stock::siblings(&tx, row.product.tenant_id, &row.product.sku, row.product.id).await?;
    tx.commit().await?;
    Ok(web::Json(StockPage { stock: row.into(), siblings: siblings.into_iter().map(StockItem::from).collect() }))
}
