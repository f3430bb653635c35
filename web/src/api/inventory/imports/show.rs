//! `GET /api/v1/inventory/imports/{id}`: one file, and what its lines came to. For staff.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use storewire_db::stock::{self, Total};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ImportItem, addressed};
use crate::{
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A file with how many of its lines came to what.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportPage {
    #[serde(flatten)]
    pub import: ImportItem,
    /// Lines by `finding`.
    #[schema(example = json!({"change": 12, "same": 3}))]
    pub findings: BTreeMap<&'static str, i64>,
    /// Lines that were to be written, by the `state` of their intent; `refused` are those that became none.
    #[schema(example = json!({"done": 11, "failed": 1}))]
    pub outcomes: BTreeMap<&'static str, i64>,
}

impl ImportPage {
    fn new(import: ImportItem, totals: &[Total]) -> Self {
        let (mut findings, mut outcomes) = (BTreeMap::new(), BTreeMap::new());
        for total in totals {
            *findings.entry(total.finding.as_str()).or_default() += total.count;
            let outcome = if total.is_refused { Some("refused") } else { total.state.map(|state| state.as_str()) };
            if let Some(outcome) = outcome {
                *outcomes.entry(outcome).or_default() += total.count;
            }
        }
        Self { import, findings, outcomes }
    }
}

/// Shows one file. The live socket tells what becomes of each write (`intent.changed`).
#[utoipa::path(get, path = "/api/v1/inventory/imports/{id}", tag = "inventory", operation_id = "showImport",
    params(("id" = Uuid, Path, description = "The file's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The file; its `ETag` is its version", body = ImportPage),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    let tx = state.db.read(&session.scope()).await?;
    let totals = stock::totals(&tx, row.tenant_id, row.id).await?;
    tx.commit().await?;
    let version = format!("\"{}\"", row.version);
    let page = ImportPage::new(row.into(), &totals);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, version)).json(page))
}
