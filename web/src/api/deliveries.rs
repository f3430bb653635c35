//! Webhooks as they were received, and what became of them. For staff.

pub mod list;
pub mod replay;
pub mod show;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::deliveries::DeliveryRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, post_only};

/// Mounts the delivery routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/deliveries").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/deliveries/replay").route(web::post().to(replay::many)).default_service(web::to(post_only)),
        )
        .service(
            web::resource("/deliveries/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)),
        )
        .service(
            web::resource("/deliveries/{id}/replay")
                .route(web::post().to(replay::one))
                .default_service(web::to(post_only)),
        );
}

/// A delivery without its bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryItem {
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    #[schema(example = "order.updated")]
    pub topic: String,
    /// The store's id of the webhook.
    pub webhook_id: String,
    /// The store's id of the delivery; not unique.
    pub delivery_id: String,
    /// What the store calls itself.
    pub source: String,
    /// `pending`, `applied`, `ignored` or `dead`.
    pub state: String,
    /// Why it was ignored (a code) or given up on (words).
    pub reason: Option<String>,
    /// How often it was begun without an end.
    pub attempts: i16,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub handled_at: Option<Timestamp>,
    /// The length of its body.
    pub bytes: i64,
}

impl From<DeliveryRow> for DeliveryItem {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id.uuid(),
            store_id: row.store_id.uuid(),
            store_name: row.store_name,
            received_at: row.received_at,
            topic: row.topic,
            webhook_id: row.webhook_id,
            delivery_id: row.delivery_id,
            source: row.source,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            handled_at: row.handled_at,
            bytes: row.bytes,
        }
    }
}
