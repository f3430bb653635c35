//! Notices: what one was told in the panel. Everyone has their own.

pub mod list;
pub mod read;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::notices::NoticeRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, post_only};

/// Mounts the routes of notices.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/notices").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/notices/read").route(web::post().to(read::handler)).default_service(web::to(post_only)),
        );
}

/// One line that you were told.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeItem {
    pub id: Uuid,
    /// What happened, as a code.
    #[schema(example = "request-approved")]
    pub kind: String,
    /// Its numbers and names.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// `request`, `ticket`, `return`, `product` or `order`.
    #[schema(example = "request")]
    pub about_kind: String,
    pub about_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Null while it is unread.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

impl From<NoticeRow> for NoticeItem {
    fn from(row: NoticeRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            detail: row.detail,
            about_kind: row.about_kind,
            about_id: row.about_id,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}
