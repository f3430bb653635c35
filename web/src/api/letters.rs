//! Letters: what left by e-mail, with the log of every try. For staff.

pub mod list;
pub mod send;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::letters::{LetterRow, TryRow};
use storewire_domain::letter::{LetterFault, LetterState, TryOutcome};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, post_only};

/// Mounts the routes of letters.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/letters").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/letters/{id}/send")
                .route(web::post().to(send::handler))
                .default_service(web::to(post_only)),
        );
}

/// One letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterItem {
    pub id: Uuid,
    pub store_id: Option<Uuid>,
    /// `request`, `ticket` or `return`.
    #[schema(example = "return")]
    pub about_kind: String,
    pub about_id: Uuid,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// `waiting`, `sent` (a mail server has taken it) or `failed`.
    #[schema(value_type = String, example = "sent")]
    pub state: LetterState,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// Why it failed: `no_smtp`, `refused`, `gave_up` or `bad_address`.
    #[schema(value_type = Option<String>)]
    pub fault: Option<LetterFault>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// Oldest first.
    pub tries: Vec<LetterTry>,
}

/// One try to send a letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterTry {
    /// From 1.
    pub number: i16,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `sent`, `later`, `refused`, or `unknown`: the connection was lost when the server may have had the letter.
    #[schema(value_type = String, example = "sent")]
    pub outcome: TryOutcome,
    /// The mail server's code and words.
    #[schema(example = "250 2.0.0 Ok: queued")]
    pub said: String,
}

impl From<LetterRow> for LetterItem {
    fn from(row: LetterRow) -> Self {
        Self {
            id: row.id.uuid(),
            store_id: row.store_id.map(|store| store.uuid()),
            about_kind: row.about_kind,
            about_id: row.about_id,
            to_address: row.to_address,
            to_name: row.to_name,
            subject: row.subject,
            body: row.body,
            state: row.state,
            due_at: (row.state == LetterState::Waiting).then_some(row.due_at),
            fault: row.fault,
            created_at: row.created_at,
            finished_at: row.finished_at,
            tries: row.tries.into_iter().map(LetterTry::from).collect(),
        }
    }
}

impl From<TryRow> for LetterTry {
    fn from(row: TryRow) -> Self {
        Self { number: row.number, at: row.at, outcome: row.outcome, said: row.said }
    }
}
