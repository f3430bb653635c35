//! Products of every store that the viewer may see, with their stock.

pub mod add_variation;
pub mod change;
pub mod create;
pub mod duplicate;
pub mod list;
pub mod show;
pub mod stats;
pub mod trash;

use std::collections::BTreeMap;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::ProductSummary;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    get_only, get_or_post, get_patch_or_delete,
    money::{Money, quantity},
    post_only,
};

/// Mounts the product routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/products")
            .route(web::get().to(list::handler))
            .route(web::post().to(create::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(web::resource("/products/stats").route(web::get().to(stats::handler)).default_service(web::to(get_only)))
    .service(
        web::resource("/products/{id}")
            .route(web::get().to(show::handler))
            .route(web::patch().to(change::handler))
            .route(web::delete().to(trash::handler))
            .default_service(web::to(get_patch_or_delete)),
    )
    .service(
        web::resource("/products/{id}/duplicate")
            .route(web::post().to(duplicate::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/products/{id}/variations")
            .route(web::post().to(add_variation::handler))
            .default_service(web::to(post_only)),
    );
}

/// A product in a list, or one variation of a variable product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductItem {
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    /// The store's own id of the product.
    pub remote_id: String,
    /// The variable product that a variation belongs to.
    pub parent_id: Option<Uuid>,
    /// `simple`, `variable`, `variation`, `grouped`, `external` or a plugin's own.
    pub kind: String,
    pub name: String,
    pub sku: String,
    /// `publish`, `draft`, `pending`, `private`, `future` or `trash`.
    pub status: String,
    pub price: Option<Money>,
    pub regular_price: Option<Money>,
    pub sale_price: Option<Money>,
    /// Who counts the stock: `no` (nobody), `yes` (the product) or `parent`.
    pub manage_stock: &'static str,
    /// Null where stock is not counted.
    #[schema(example = "12")]
    pub stock_quantity: Option<String>,
    /// `instock`, `outofstock` or `onbackorder`.
    pub stock_status: String,
    pub variation_count: i64,
    pub image_url: String,
    pub permalink: String,
    /// For a variation its chosen attributes.
    pub attributes: BTreeMap<String, String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub modified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub trashed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
    /// When it was last saved here.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
}

impl From<ProductSummary> for ProductItem {
    fn from(product: ProductSummary) -> Self {
        let money = |amount: Option<_>| amount.map(|amount| Money::new(amount, &product.currency));
        Self {
            price: money(product.price),
            regular_price: money(product.regular_price),
            sale_price: money(product.sale_price),
            id: product.id.uuid(),
            store_id: product.store_id.uuid(),
            store_name: product.store_name,
            remote_id: product.remote_id,
            parent_id: product.parent_id.map(|id| id.uuid()),
            kind: product.kind,
            name: product.name,
            sku: product.sku,
            status: product.status,
            manage_stock: product.manage_stock.as_str(),
            stock_quantity: product.stock_quantity.map(quantity),
            stock_status: product.stock_status,
            variation_count: product.variation_count,
            image_url: product.image_url,
            permalink: product.permalink,
            attributes: product.attributes,
            modified_at: product.modified_at,
            trashed_at: product.trashed_at,
            deleted_at: product.deleted_at,
            saved_at: product.saved_at,
        }
    }
}
