//! What was given up on: by cause, one by one, tried again, discarded. For staff.

pub mod discard;
pub mod list;
pub mod retry;
pub mod show;

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_actors::DeadSelection;
use storewire_db::dead_letters::DeadLetter;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_only, page, post_only},
    error::WebError,
};

const MAX_AT_ONCE: usize = 1_000;

/// Mounts the dead letter routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/dead-letters").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/dead-letters/retry")
                .route(web::post().to(retry::handler))
                .default_service(web::to(post_only)),
        )
        .service(
            web::resource("/dead-letters/discard")
                .route(web::post().to(discard::handler))
                .default_service(web::to(post_only)),
        )
        .service(
            web::resource("/dead-letters/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)),
        );
}

/// A dead letter without its bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterItem {
    /// The delivery's id for `delivery`.
    pub id: Uuid,
    pub store_id: Uuid,
    pub store_name: String,
    /// `delivery`, `page` (an item of a listing) or `record` (one that could not be read).
    pub origin: String,
    /// Webhook topic, listing, or kind of the record.
    #[schema(example = "order.updated")]
    pub topic: String,
    /// The store's own id of the record, if it could be read.
    pub remote_id: Option<String>,
    /// `undecodable`, `crashed`, `foreign_source` or `unreadable`.
    #[schema(example = "undecodable")]
    pub cause: String,
    /// What went wrong, in words.
    pub reason: String,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When it was set aside last.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retried_at: Option<Timestamp>,
    /// When a person retried or discarded it; null while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
    /// The length of its body.
    pub bytes: i64,
}

/// Open dead letters of one store: these, or all of one cause (the oldest 10,000 of them).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadWish {
    store_id: Uuid,
    /// At most 1,000.
    ids: Option<Vec<Uuid>>,
    #[schema(example = "undecodable")]
    cause: Option<String>,
}

impl DeadWish {
    fn selection(self) -> Result<DeadSelection, WebError> {
        match (self.ids, page::filter("cause", self.cause)?) {
            (Some(ids), None) if (1..=MAX_AT_ONCE).contains(&ids.len()) => Ok(DeadSelection::Ids(ids)),
            (None, Some(cause)) => Ok(DeadSelection::Cause(cause)),
            _ => {
                let detail = format!("give either ids, 1 to {MAX_AT_ONCE}, or a cause");
                Err(WebError::Unprocessable { code: "invalid_field", detail })
            }
        }
    }
}

impl From<DeadLetter> for DeadLetterItem {
    fn from(letter: DeadLetter) -> Self {
        Self {
            id: letter.id,
            store_id: letter.store_id.uuid(),
            store_name: letter.store_name,
            origin: letter.origin,
            topic: letter.topic,
            remote_id: letter.remote_id,
            cause: letter.cause,
            reason: letter.reason,
            received_at: letter.received_at,
            created_at: letter.created_at,
            retried_at: letter.retried_at,
            resolved_at: letter.resolved_at,
            bytes: letter.bytes,
        }
    }
}
