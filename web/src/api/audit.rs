//! `GET /api/v1/audit`: who did what. For admins; a merchant's admin sees the own tenant's.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::audit::{self, AuditFilter, AuditRow};
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        get_only,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Mounts the route.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/audit").route(web::get().to(handler)).default_service(web::to(get_only)));
}

/// Which deeds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Done to this record or store only.
    entity: Option<Uuid>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// One deed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    pub id: Uuid,
    pub tenant_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Null if nobody did it but the engine.
    pub user_id: Option<Uuid>,
    pub user_name: Option<String>,
    #[schema(example = "store.pause")]
    pub action: String,
    /// Our id of what it was done to.
    pub entity_id: Option<Uuid>,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// Lists deeds, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", operation_id = "listAudit", params(AuditQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of deeds", body = Page<AuditItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<Page<AuditItem>>, WebError> {
    session.require(Area::Audit, Action::View)?;
    let limit = page::limit(query.limit)?;
    let filter = AuditFilter { entity: query.entity, before: page::id(query.after.as_deref())?, limit: limit + 1 };
    let tx = state.db.read(&session.scope()).await?;
    let rows = audit::list(&tx, &filter).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |deed| page::mark(&(deed.id,)), AuditItem::from)))
}

impl From<AuditRow> for AuditItem {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id,
            tenant_id: row.tenant_id.uuid(),
            at: row.at,
            user_id: row.user_id.map(|id| id.uuid()),
            user_name: row.user_name,
            action: row.action,
            entity_id: row.entity_id,
            detail: row.detail,
        }
    }
}
