//! Customers of every store that the viewer may see.

pub mod change;
pub mod list;
pub mod show;
pub mod tags;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::customers::CustomerSummary;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{delete_only, get_only, get_or_patch, post_only};

/// Mounts the customer routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/customers").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/customers/{id}")
                .route(web::get().to(show::handler))
                .route(web::patch().to(change::handler))
                .default_service(web::to(get_or_patch)),
        )
        .service(
            web::resource("/customers/{id}/tags").route(web::post().to(tags::add)).default_service(web::to(post_only)),
        )
        .service(
            web::resource("/customers/{id}/tags/{tag}")
                .route(web::delete().to(tags::remove))
                .default_service(web::to(delete_only)),
        );
}

/// A customer in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerItem {
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    /// The store's own id of the customer.
    pub remote_id: String,
    /// First and last name; empty if the store knows neither.
    pub name: String,
    pub email: String,
    pub username: String,
    /// The store's own role of the account.
    #[schema(example = "customer")]
    pub role: String,
    /// What people here call such a customer, in alphabetical order; the store knows nothing of it.
    #[schema(example = json!(["vip"]))]
    pub tags: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    /// When the store last changed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub modified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
    /// When it was last saved here.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
}

impl From<CustomerSummary> for CustomerItem {
    fn from(customer: CustomerSummary) -> Self {
        Self {
            id: customer.id,
            store_id: customer.store_id.uuid(),
            store_name: customer.store_name,
            remote_id: customer.remote_id,
            name: customer.name,
            email: customer.email,
            username: customer.username,
            role: customer.role,
            tags: customer.tags,
            created_at: customer.created_at,
            modified_at: customer.modified_at,
            deleted_at: customer.deleted_at,
            saved_at: customer.saved_at,
        }
    }
}
