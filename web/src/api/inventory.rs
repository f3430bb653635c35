//! Stock: what stores count, at which level people are warned, why it moved, and files of counts.

pub mod change;
pub mod imports;
pub mod list;
pub mod moves;
pub mod show;
pub mod threshold;

use std::collections::BTreeMap;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::stock::StockRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, get_or_patch, money::quantity, put_only};

/// Mounts the routes of stock.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/inventory").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        // Before the stock of a product, whose address would take theirs for an id.
        .configure(imports::configure)
        .service(
            web::resource("/inventory/{id}")
                .route(web::get().to(show::handler))
                .route(web::patch().to(change::handler))
                .default_service(web::to(get_or_patch)),
        )
        .service(
            web::resource("/inventory/{id}/threshold")
                .route(web::put().to(threshold::handler))
                .default_service(web::to(put_only)),
        )
        .service(
            web::resource("/inventory/{id}/moves")
                .route(web::get().to(moves::handler))
                .default_service(web::to(get_only)),
        );
}

/// The stock of one product or variation.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockItem {
    /// Our id of the product or variation.
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    /// The variable product that a variation belongs to.
    pub parent_id: Option<Uuid>,
    pub parent_name: Option<String>,
    pub name: String,
    pub sku: String,
    /// For a variation its chosen attributes.
    pub attributes: BTreeMap<String, String>,
    /// Who counts the stock: `no` (nobody), `yes` (the product itself) or `parent`.
    pub manage_stock: &'static str,
    /// Null where stock is not counted.
    #[schema(example = "12")]
    pub stock_quantity: Option<String>,
    /// `instock`, `outofstock` or `onbackorder`.
    pub stock_status: String,
    /// At this count or below people are warned; null if nobody set one.
    #[schema(example = "5")]
    pub level: Option<String>,
    /// Give it as `If-Match` when you set the level anew; null if there never was one.
    pub level_version: Option<i64>,
    pub is_low: bool,
    /// When it came to its level.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub low_since: Option<Timestamp>,
    /// When it was last saved here.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
}

impl From<StockRow> for StockItem {
    fn from(row: StockRow) -> Self {
        let StockRow { product, level_version, low_since, .. } = row;
        let is_low = product.is_low();
        Self {
            id: product.id.uuid(),
            store_id: product.store_id.uuid(),
            store_name: product.store_name,
            parent_id: product.parent_id.map(|id| id.uuid()),
            parent_name: product.parent_name,
            name: product.name,
            sku: product.sku,
            attributes: product.attributes,
            manage_stock: product.manage_stock.as_str(),
            stock_quantity: product.stock_quantity.map(quantity),
            stock_status: product.stock_status,
            level: product.level.map(quantity),
            level_version,
            is_low,
            low_since: low_since.filter(|_| is_low),
            saved_at: product.saved_at,
        }
    }
}
