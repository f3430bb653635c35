//! Connected stores: what they are, and for staff how they are.

pub mod connect;
pub mod list;
pub mod show;
pub mod sync;
pub mod test_connection;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::StoreRow;
use storewire_domain::RoleClass;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_only, post_only},
    error::WebError,
};

/// Mounts the store routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/stores")
            .route(web::get().to(list::handler))
            .route(web::post().to(connect::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(
        web::resource("/stores/test-connection")
            .route(web::post().to(test_connection::handler))
            .default_service(web::to(post_only)),
    )
    .service(web::resource("/stores/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)))
    .service(
        web::resource("/stores/{id}/sync").route(web::post().to(sync::handler)).default_service(web::to(post_only)),
    );
}

async fn get_or_post() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET, POST"))
}

/// A store, as much of it as the reader's role may know.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum StoreItem {
    Staff(Box<StaffStore>),
    Merchant(MerchantStore),
}

/// A store as its own merchant sees it: its troubles are the staff's work.
#[derive(Debug, Serialize, ToSchema)]
pub struct MerchantStore {
    pub id: Uuid,
    pub name: String,
    #[schema(example = "TRY")]
    pub currency: String,
    /// Everything up to here has been read; null before the first import ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
}

/// A store as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffStore {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub tenant_name: String,
    pub name: String,
    #[schema(example = "https://shop.example.com/")]
    pub url: String,
    /// `new`, `importing`, `live`, `degraded`, `needs_attention`, `paused` or `parked`.
    pub state: &'static str,
    /// Why, as a code.
    #[schema(example = "auth_failed")]
    pub state_reason: Option<String>,
    #[schema(example = "Europe/Istanbul")]
    pub timezone: String,
    #[schema(example = "TRY")]
    pub currency: String,
    /// Digits after the point in the store's prices.
    pub decimals: i32,
    pub woo_version: Option<String>,
    /// Everything up to here has been read; null before the first import ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_ok_at: Option<Timestamp>,
    pub last_error: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_error_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_webhook_at: Option<Timestamp>,
    /// Deliveries received and not yet applied.
    pub inbox_pending: i64,
    pub orders: i64,
    pub products: i64,
    /// Rows read by the first import so far.
    pub backfill_done: i64,
    /// Rows that the store announced for it.
    pub backfill_total: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl StoreItem {
    pub(super) fn for_class(row: StoreRow, class: RoleClass) -> Self {
        match class {
            RoleClass::Staff => Self::Staff(Box::new(row.into())),
            RoleClass::Merchant => Self::Merchant(MerchantStore {
                id: row.id.uuid(),
                name: row.name,
                currency: row.currency,
                as_of: row.as_of,
            }),
        }
    }
}

impl From<StoreRow> for StaffStore {
    fn from(row: StoreRow) -> Self {
        Self {
            id: row.id.uuid(),
            tenant_id: row.tenant_id.uuid(),
            tenant_name: row.tenant_name,
            name: row.name,
            url: row.home_url,
            state: row.state.as_str(),
            state_reason: row.state_reason,
            timezone: row.timezone,
            currency: row.currency,
            decimals: row.decimals,
            woo_version: row.woo_version,
            as_of: row.as_of,
            last_ok_at: row.last_ok_at,
            last_error: row.last_error,
            last_error_at: row.last_error_at,
            last_webhook_at: row.last_webhook_at,
            inbox_pending: row.inbox_pending,
            orders: row.orders,
            products: row.products,
            backfill_done: row.backfill_done,
            backfill_total: row.backfill_total,
            created_at: row.created_at,
        }
    }
}
