//! `GET /api/v1/returns/{id}`: one return, its photos, and all that happened to it. For everyone who sees it.

use actix_web::{HttpResponse, http::header, web};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::{
    attachments,
    returns::{self, EventRow},
};
use storewire_domain::{ReturnId, RoleClass, returns::ReturnEntry};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ReturnItem, visible};
use crate::{api::tickets::FileItem, error::WebError, extract::Session, state::AppState};

/// A return with its timeline and its photos.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnPage {
    #[serde(flatten)]
    pub returned: ReturnItem,
    /// Oldest first.
    pub events: Vec<ReturnEvent>,
    /// Oldest first.
    pub photos: Vec<FileItem>,
}

/// Something that happened to a return, or was said about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnEvent {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `opened`, `state`, `received`, `decided`, `restock`, `photo`, `comment` or `message`.
    #[schema(value_type = String, example = "opened")]
    pub kind: ReturnEntry,
    /// Empty if nobody did it: a restock ends when the store has said how.
    pub by_name: String,
    /// What was said.
    pub text: String,
    /// Its values.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// The letter that a message became; its deliveries are told at `/api/v1/letters`. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_id: Option<Uuid>,
}

impl ReturnEvent {
    fn of(entry: EventRow, class: RoleClass) -> Self {
        let is_for_staff = class == RoleClass::Staff;
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            by_name: entry.by_name,
            text: entry.text,
            detail: if is_for_staff { entry.detail } else { without_intents(entry.detail) },
            letter_id: entry.letter_id.map(|id| id.uuid()).filter(|_| is_for_staff),
        }
    }
}

/// Which writes a decision became is for staff.
fn without_intents(mut detail: Value) -> Value {
    if let Some(detail) = detail.as_object_mut() {
        detail.remove("intent");
    }
    for item in detail.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.remove("intent");
        }
    }
    detail
}

/// Shows one return. The live socket tells each of its steps (`return.changed`).
#[utoipa::path(get, path = "/api/v1/returns/{id}", tag = "returns", operation_id = "showReturn",
    params(("id" = Uuid, Path, description = "The return's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The return; its `ETag` is its version", body = ReturnPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Returns, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, ReturnId(*id)).await?;
    let events = returns::events(&tx, row.tenant_id, row.id).await?;
    let photos = attachments::of_return(&tx, row.tenant_id, row.id).await?;
    tx.commit().await?;
    let version = format!("\"{}\"", row.version);
    let page = ReturnPage {
        returned: ReturnItem::of(row, session.class()),
        events: events.into_iter().map(|entry| ReturnEvent::of(entry, session.class())).collect(),
        photos: photos.into_iter().map(FileItem::from).collect(),
    };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, version)).json(page))
}
