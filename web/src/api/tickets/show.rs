//! `GET /api/v1/support/tickets/{id}`: one ticket with its thread. For everyone who sees it; notes are for staff.

use actix_web::{HttpResponse, http::header, web};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::{
    AttachmentRow, attachments,
    tickets::{self, MessageRow, NoteRow},
};
use storewire_domain::{ReadScope, RoleClass, TicketId, ticket::MessageKind};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FileItem, TicketItem, visible};
use crate::{error::WebError, extract::Session, state::AppState};

/// A ticket with what was said in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPage {
    #[serde(flatten)]
    pub ticket: TicketItem,
    /// It says something that you have not read.
    pub is_unread: bool,
    pub seen: SeenItem,
    /// The newest 500 entries, oldest first.
    pub messages: Vec<MessageItem>,
    /// What staff note among themselves: the newest 500, oldest first. Answers to merchants have no such member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<NoteItem>>,
}

/// Up to where each side has read, whoever of it did: nothing for a side of which nobody has.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenItem {
    /// The `at` of the newest message that somebody of the merchant's has read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub by_merchant: Option<Timestamp>,
    /// The same of the platform's people.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub by_staff: Option<Timestamp>,
}

/// An entry of a thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageItem {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by_name: String,
    /// It was one of the platform's people.
    pub is_by_staff: bool,
    /// `message`, `state` (closed or reopened) or `action` (done from the thread).
    #[schema(value_type = String, example = "message")]
    pub kind: MessageKind,
    pub text: String,
    /// Which states, or which action.
    #[schema(value_type = Object)]
    pub detail: Value,
    pub attachments: Vec<FileItem>,
}

/// A note of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteItem {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by_name: String,
    pub text: String,
    pub attachments: Vec<FileItem>,
}

/// Shows one ticket. The live socket tells each of its steps, and when a side has read it (`ticket.changed`).
#[utoipa::path(get, path = "/api/v1/support/tickets/{id}", tag = "support", operation_id = "showTicket",
    params(("id" = Uuid, Path, description = "The ticket's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The ticket; its `ETag` is its version", body = TicketPage)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Support, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, &session, TicketId(*id)).await?;
    let messages = tickets::messages(&tx, row.tenant_id, row.id).await?;
    let notes = match (session.class(), session.scope()) {
        // No tenant reads notes, nor who watches a rehearsal as its tenant does.
        (RoleClass::Merchant, _) | (_, ReadScope::Tenant(_)) => None,
        (RoleClass::Staff, _) => Some(tickets::notes(&tx, row.tenant_id, row.id).await?),
    };
    let files = attachments::of_ticket(&tx, row.tenant_id, row.id).await?;
    let unread = tickets::unread(&tx, session.user_id, &[row.id]).await?;
    let seen = tickets::seen(&tx, row.tenant_id, row.id).await?;
    tx.commit().await?;
    let version = format!("\"{}\"", row.version);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, version)).json(TicketPage {
        ticket: TicketItem::of(row, session.class()),
        is_unread: !unread.is_empty(),
        seen: SeenItem { by_merchant: seen.by_merchant, by_staff: seen.by_staff },
        messages: messages.into_iter().map(|entry| message(entry, &files, session.class())).collect(),
        notes: notes.map(|notes| notes.into_iter().map(|entry| note(entry, &files)).collect()),
    }))
}

fn message(entry: MessageRow, files: &[AttachmentRow], class: RoleClass) -> MessageItem {
    let mut detail = entry.detail;
    // What writes to stores is staff's to follow.
    if let (RoleClass::Merchant, Some(detail)) = (class, detail.as_object_mut()) {
        detail.remove("intent");
    }
    MessageItem {
        attachments: carried(files, entry.id),
        id: entry.id,
        at: entry.at,
        by_name: entry.by_name,
        is_by_staff: entry.by_staff,
        kind: entry.kind,
        text: entry.text,
        detail,
    }
}

fn note(entry: NoteRow, files: &[AttachmentRow]) -> NoteItem {
    NoteItem {
        attachments: carried(files, entry.id),
        id: entry.id,
        at: entry.at,
        by_name: entry.by_name,
        text: entry.text,
    }
}

fn carried(files: &[AttachmentRow], by: Uuid) -> Vec<FileItem> {
    files.iter().filter(|file| file.carrier_id == Some(by)).cloned().map(FileItem::from).collect()
}
