//! Files of counts: compared with what we hold first, written when somebody has looked. For staff.

pub mod drop;
pub mod lines;
pub mod list;
pub mod preview;
pub mod show;
pub mod write;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_actors::desk::AtImport;
use storewire_db::stock::{self, ImportRow};
use storewire_domain::stock::ImportState;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_only, get_or_post, post_only, write::needed},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the routes of files of counts.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/inventory/imports")
            .route(web::get().to(list::handler))
            .route(web::post().to(preview::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(
        web::resource("/inventory/imports/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)),
    )
    .service(
        web::resource("/inventory/imports/{id}/lines")
            .route(web::get().to(lines::handler))
            .default_service(web::to(get_only)),
    )
    .service(
        web::resource("/inventory/imports/{id}/write")
            .route(web::post().to(write::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/inventory/imports/{id}/drop")
            .route(web::post().to(drop::handler))
            .default_service(web::to(post_only)),
    );
}

/// One file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportItem {
    pub id: Uuid,
    /// Where to ask how it stands.
    #[schema(example = "/api/v1/inventory/imports/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub store_id: Uuid,
    pub store_name: String,
    /// As it was given.
    pub name: String,
    /// `previewed`, `writing`, `written` or `dropped`.
    #[schema(value_type = String, example = "previewed")]
    pub state: ImportState,
    /// How its bytes were read: `utf-8` or `latin-1`.
    pub encoding: String,
    /// The names of columns that say nothing about counts.
    pub ignored_columns: Vec<String>,
    pub made_by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until then it may be written: what it was compared with is getting old.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    pub written_by_name: Option<String>,
    /// When the last of its lines was on its way.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub written_at: Option<Timestamp>,
    /// Give it as `If-Match` when you have it written or dropped.
    pub version: i64,
    pub lines: i64,
    /// Lines that change something.
    pub changes: i64,
    /// Those of them that are not on their way.
    pub left: i64,
}

impl From<ImportRow> for ImportItem {
    fn from(row: ImportRow) -> Self {
        Self {
            href: format!("/api/v1/inventory/imports/{}", row.id),
            id: row.id,
            store_id: row.store_id.uuid(),
            store_name: row.store_name,
            name: row.name,
            state: row.state,
            encoding: row.encoding,
            ignored_columns: row.ignored,
            made_by_name: row.made_name,
            created_at: row.created_at,
            expires_at: row.expires_at,
            written_by_name: row.written_name,
            written_at: row.written_at,
            version: row.version,
            lines: row.num_lines,
            changes: row.num_changes,
            left: row.num_left,
        }
    }
}

/// The file that somebody would see through as they saw it.
async fn seen(session: &Session, state: &AppState, id: Uuid, version: Option<i64>) -> Result<AtImport, WebError> {
    let row = addressed(session, state, id).await?;
    Ok(AtImport { tenant: row.tenant_id, id: row.id, version: needed(version)? })
}

/// The file that a deed is about. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<ImportRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find_import(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Inventory, Action::Edit)?;
    Ok(row)
}
