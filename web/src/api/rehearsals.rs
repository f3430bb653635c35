//! Rehearsals: simulated twins of stores under load, and what came of them. For staff who keep every store.

pub mod begin;
pub mod clear;
pub mod list;
pub mod show;
pub mod stop;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::rehearsals::RehearsalRow;
use storewire_domain::rehearsal::{Phase, Progress, Report, Trouble};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, get_or_post, post_only};

/// Mounts the rehearsal routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let all = web::resource("/rehearsals").route(web::get().to(list::handler)).route(web::post().to(begin::handler));
    cfg.service(all.default_service(web::to(get_or_post)))
        .service(
            web::resource("/rehearsals/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)),
        )
        .service(
            web::resource("/rehearsals/{id}/stop")
                .route(web::post().to(stop::handler))
                .default_service(web::to(post_only)),
        )
        .service(
            web::resource("/rehearsals/{id}/clear")
                .route(web::post().to(clear::handler))
                .default_service(web::to(post_only)),
        );
}

/// A rehearsal.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalItem {
    pub id: Uuid,
    pub name: String,
    /// `opening`, `running`, `settling`, then `done`, `failed` or `interrupted`.
    #[schema(value_type = String)]
    pub phase: Phase,
    /// Why it failed.
    pub reason: Option<String>,
    pub wished_by: Option<String>,
    /// Stores that were twinned.
    pub stores: u32,
    /// Twins of each.
    pub factor: u32,
    /// Changes a second over all twins.
    pub rate: u32,
    pub seconds: u32,
    /// The lag beyond which it counts as bent.
    pub goal_seconds: u32,
    /// What went wrong meanwhile.
    #[schema(value_type = Vec<String>)]
    pub troubles: Vec<Trouble>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// When the twins' rows were deleted; the report stays.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cleared_at: Option<Timestamp>,
    /// What was measured: `ready` twins, `slices` of ten seconds, how often each trouble `struck`.
    #[schema(value_type = Object)]
    pub progress: Progress,
    /// What was found: `lost`, `doubled`, `gone_back`, `deliveries_lost`, all zero if all is well; `deliveries`, `lag` in milliseconds,
    /// `bend`. Null until it is done.
    #[schema(value_type = Option<Object>)]
    pub report: Option<Report>,
}

impl From<RehearsalRow> for RehearsalItem {
    fn from(row: RehearsalRow) -> Self {
        Self {
            id: row.tenant_id.uuid(),
            name: row.name,
            phase: row.phase,
            reason: row.reason,
            wished_by: row.wished_by,
            stores: row.wish.stores,
            factor: row.wish.factor,
            rate: row.wish.rate,
            seconds: row.wish.seconds,
            goal_seconds: row.wish.goal_seconds,
            troubles: row.wish.troubles,
            created_at: row.created_at,
            finished_at: row.finished_at,
            cleared_at: row.cleared_at,
            progress: row.progress,
            report: row.report,
        }
    }
}
