//! `GET /api/v1/alerts`: what is wrong now, over all stores. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::alerts::{self, Alert};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_only, page::Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Mounts the route.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/alerts").route(web::get().to(handler)).default_service(web::to(get_only)));
}

/// There is nothing to choose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

/// An alert that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertItem {
    pub store_id: Uuid,
    pub store_name: String,
    /// What is wrong, as a code.
    #[schema(example = "stale")]
    pub kind: String,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Its numbers and names.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// Lists open alerts of all stores, oldest first.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "stores", operation_id = "listAlerts",
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The open alerts, all of them", body = Page<AlertItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    _: web::Query<NoQuery>,
) -> Result<web::Json<Page<AlertItem>>, WebError> {
    session.require(Area::Stores, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let open = alerts::open(&tx).await?;
    tx.commit().await?;
    Ok(web::Json(Page { items: open.into_iter().map(AlertItem::from).collect(), next: None }))
}

impl From<Alert> for AlertItem {
    fn from(alert: Alert) -> Self {
        Self {
            store_id: alert.store_id.uuid(),
            store_name: alert.store_name,
            kind: alert.kind,
            since: alert.since,
            detail: alert.detail,
        }
    }
}
