//! `GET /api/v1/stores/{id}/drift`: differences that walks over a store found, and what became of them. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::drifts::{self, Drift};
use storewire_domain::{DriftKind, DriftOutcome};
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{diary::HistoryQuery, visible};
use crate::{
    api::page::{self, Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// One difference.
#[derive(Debug, Serialize, ToSchema)]
pub struct DriftItem {
    pub id: Uuid,
    /// The run that found it.
    pub run_id: Uuid,
    /// `orders`, `products`, `variations`, `coupons` or `customers`.
    pub resource: &'static str,
    pub remote_id: String,
    /// `missing`: the store has it, we did not; `different`; `extra`: we hold it, the store no longer lists it.
    #[schema(value_type = String)]
    pub kind: DriftKind,
    /// Field to `[ours, the store's]`.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// Null while the store could not be asked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub repaired_at: Option<Timestamp>,
    /// `repaired`, `gone` from the store, or the `same` after all.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<DriftOutcome>,
}

/// Lists the differences found in a store, newest first.
#[utoipa::path(get, path = "/api/v1/stores/{id}/drift", tag = "stores", operation_id = "listDrift",
    params(("id" = Uuid, Path, description = "The store's id"), HistoryQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of differences", body = Page<DriftItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    query: web::Query<HistoryQuery>,
) -> Result<web::Json<Page<DriftItem>>, WebError> {
    let limit = page::limit(query.limit)?;
    let before = page::id(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let rows = drifts::list(&tx, store.tenant_id, store.id, before, limit + 1).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |drift| page::mark(&(drift.id,)), DriftItem::from)))
}

impl From<Drift> for DriftItem {
    fn from(drift: Drift) -> Self {
        Self {
            id: drift.id,
            run_id: drift.run_id,
            resource: drift.resource.as_str(),
            remote_id: drift.remote_id.0,
            kind: drift.kind,
            detail: drift.detail,
            found_at: drift.found_at,
            repaired_at: drift.repaired_at,
            outcome: drift.outcome,
        }
    }
}
