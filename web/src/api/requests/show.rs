//! `GET /api/v1/inventory/approvals/{id}`: one request and all that happened to it. For everyone who sees it.

use actix_web::{HttpResponse, http::header, web};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::requests::{self, EventRow};
use storewire_domain::{RequestId, request::RequestEvent};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RequestItem, visible};
use crate::{error::WebError, extract::Session, state::AppState};

/// A request with its timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestPage {
    #[serde(flatten)]
    pub request: RequestItem,
    /// Oldest first.
    pub events: Vec<RequestEntry>,
}

/// Something that happened to a request, or was said about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestEntry {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `asked`, `commented`, `stale`, `approved`, `rejected`, `withdrawn`, `reminded`, `expired`, `applied`, `failed` or `reopened`.
    #[schema(value_type = String, example = "asked")]
    pub kind: RequestEvent,
    /// Empty if nobody did it.
    pub by_name: String,
    /// It was one of the platform's people.
    pub is_by_staff: bool,
    /// What was said.
    pub text: String,
    /// Its values.
    #[schema(value_type = Object)]
    pub detail: Value,
}

impl From<EventRow> for RequestEntry {
    fn from(entry: EventRow) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            by_name: entry.by_name,
            is_by_staff: entry.by_staff,
            text: entry.text,
            detail: entry.detail,
        }
    }
}

/// Shows one request. The live socket tells each of its steps (`request.changed`).
#[utoipa::path(get, path = "/api/v1/inventory/approvals/{id}", tag = "requests", operation_id = "showRequest",
    params(("id" = Uuid, Path, description = "The request's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The request; its `ETag` is its version", body = RequestPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, &session, RequestId(*id)).await?;
    let events = requests::events(&tx, row.tenant_id, &[row.id]).await?;
    tx.commit().await?;
    let version = format!("\"{}\"", row.version);
    let request = RequestItem::of(row, session.class());
    let page = RequestPage { request, events: events.into_iter().map(RequestEntry::from).collect() };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, version)).json(page))
}
