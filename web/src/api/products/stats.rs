//! `GET /api/v1/products/stats`: how many products stores hold, and in which state. For everyone, within their own stores.

use std::collections::BTreeMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use storewire_db::products::{self, Assortment};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{error::WebError, extract::Session, state::AppState};

/// Whose products.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// Of this store only.
    store: Option<Uuid>,
}

/// The products of stores.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatsPage {
    /// By name of the store.
    pub items: Vec<AssortmentItem>,
}

/// The products of one store. Variations are counted with the product that they belong to, but where something is low.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssortmentItem {
    pub store_id: Uuid,
    pub store_name: String,
    pub products: i64,
    #[schema(value_type = Object, example = json!({"publish": 120, "draft": 3}))]
    pub by_status: BTreeMap<String, i64>,
    #[schema(value_type = Object, example = json!({"instock": 118, "outofstock": 5}))]
    pub by_stock_status: BTreeMap<String, i64>,
    /// How many products and variations are at or below their level.
    pub low: i64,
}

impl From<Assortment> for AssortmentItem {
    fn from(held: Assortment) -> Self {
        Self {
            store_id: held.store_id.uuid(),
            store_name: held.store_name,
            products: held.products,
            by_status: held.by_status,
            by_stock_status: held.by_stock_status,
            low: held.low,
        }
    }
}

/// Counts the products of each store.
#[utoipa::path(get, path = "/api/v1/products/stats", tag = "products", operation_id = "productStats", params(StatsQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The counts", body = StatsPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<StatsQuery>,
) -> Result<web::Json<StatsPage>, WebError> {
    session.require(Area::Products, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let held = products::stats(&tx, query.store.map(StoreId)).await?;
    tx.commit().await?;
    Ok(web::Json(StatsPage { items: held.into_iter().map(AssortmentItem::from).collect() }))
}
