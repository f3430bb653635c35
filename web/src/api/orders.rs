//! Orders of every store that the viewer may see.

pub mod bulk;
pub mod change;
pub mod charges;
pub mod line;
pub mod list;
pub mod pending;
pub mod shares;
pub mod show;
pub mod stats;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_actors::desk::AtOrder;
use storewire_db::OrderSummary;
use storewire_guard::access::Area;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    addressed,
    api::{delete_only, get_only, get_or_patch, get_or_post, money::Money, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the order routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/orders").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/orders/pending-approvals")
                .route(web::get().to(pending::list))
                .route(web::post().to(pending::place))
                .default_service(web::to(get_or_post)),
        )
        .service(web::resource("/orders/stats").route(web::get().to(stats::handler)).default_service(web::to(get_only)))
        .configure(around_orders)
        .service(
            web::resource("/orders/{id}")
                .route(web::get().to(show::handler))
                .route(web::patch().to(change::handler))
                .default_service(web::to(get_or_patch)),
        );
}

/// What staff do around orders.
fn around_orders(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/orders/bulk").route(web::post().to(bulk::change)).default_service(web::to(post_only)))
        .service(web::resource("/orders/bulk/{id}").route(web::get().to(bulk::show)).default_service(web::to(get_only)))
        .service(
            web::resource("/orders/{id}/charges")
                .route(web::get().to(charges::list))
                .route(web::post().to(charges::add))
                .default_service(web::to(get_or_post)),
        )
        .service(
            web::resource("/orders/{id}/charges/{charge}")
                .route(web::delete().to(charges::end))
                .default_service(web::to(delete_only)),
        )
        .service(
            web::resource("/orders/{id}/shares")
                .route(web::get().to(shares::list))
                .route(web::post().to(shares::make))
                .default_service(web::to(get_or_post)),
        )
        .service(
            web::resource("/orders/{id}/shares/{share}")
                .route(web::delete().to(shares::revoke))
                .default_service(web::to(delete_only)),
        );
}

/// The order that is worked around, if its reader may do that. Another tenant's is not there, whoever asks.
pub async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<AtOrder, WebError> {
    let order = addressed::order(session, state, id, Area::Orders).await?;
    Ok(AtOrder { tenant: order.tenant_id, order: order.id })
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderItem {
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    /// The store's own id of the order.
    pub remote_id: String,
    /// What people call it.
    pub number: String,
    #[schema(example = "processing")]
    pub status: String,
    pub total: Money,
    pub customer_name: String,
    pub customer_email: String,
    /// How many pieces were ordered.
    pub item_count: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the store last changed it.
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

impl From<OrderSummary> for OrderItem {
    fn from(order: OrderSummary) -> Self {
        Self {
            id: order.id.uuid(),
            store_id: order.store_id.uuid(),
            store_name: order.store_name,
            remote_id: order.remote_id,
            number: order.number,
            status: order.status,
            total: Money::new(order.total, &order.currency),
            customer_name: order.customer_name,
            customer_email: order.customer_email,
            item_count: order.item_count,
            created_at: order.created_at,
            modified_at: order.modified_at,
            trashed_at: order.trashed_at,
            deleted_at: order.deleted_at,
            saved_at: order.saved_at,
        }
    }
}
