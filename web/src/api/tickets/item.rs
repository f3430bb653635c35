//! Tickets as the API tells them.

use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{AttachmentRow, TicketRow, tickets::About};
use storewire_domain::{
    RoleClass,
    ticket::{AboutKind, Priority, TicketState},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// One ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketItem {
    pub id: Uuid,
    /// By which people call it, counted within the merchant.
    #[schema(example = 7)]
    pub number: i64,
    /// Where to ask for its thread.
    #[schema(example = "/api/v1/support/tickets/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub store_id: Uuid,
    pub store_name: String,
    #[schema(example = "Two boxes are wet")]
    pub subject: String,
    /// `open` waits for staff, `answered` for the merchant, `closed` for nobody.
    #[schema(value_type = String, example = "open")]
    pub state: TicketState,
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "normal")]
    pub priority: Priority,
    /// Which of the platform's people answers it.
    pub assignee_name: Option<String>,
    /// The same as an id. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Uuid>,
    pub about: Option<AboutItem>,
    pub opened_by_name: String,
    pub is_opened_by_staff: bool,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// The newest message.
    #[schema(value_type = String, format = DateTime)]
    pub last_message_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_answer_at: Option<Timestamp>,
    /// When staff have to have answered first, by their working hours. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_due_at: Option<Timestamp>,
    /// When it was noticed that they had not. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_late_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// Give it as `If-Match` with a change; it moves with everything that both sides see.
    pub version: i64,
}

/// The record that a ticket is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct AboutItem {
    /// `order`, `product`, `customer`, `store`, `request` or `return`.
    #[schema(value_type = String, example = "order")]
    pub kind: AboutKind,
    /// Our id of it.
    pub id: Uuid,
    /// What it was called when the ticket was opened.
    pub title: String,
}

/// A file that a message or a note carries, or that was uploaded for one.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileItem {
    pub id: Uuid,
    /// Where its bytes are.
    #[schema(example = "/api/v1/attachments/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub name: String,
    /// By its first bytes, whatever its sender called it.
    #[schema(example = "image/png")]
    pub media_type: &'static str,
    /// How many bytes it has as we keep it.
    pub bytes: i64,
}

impl TicketItem {
    /// As readers of this class see it.
    #[must_use]
    pub fn of(row: TicketRow, class: RoleClass) -> Self {
        let is_staff = class == RoleClass::Staff;
        Self {
            href: format!("/api/v1/support/tickets/{}", row.id),
            id: row.id.uuid(),
            number: row.number,
            store_id: row.store_id.uuid(),
            store_name: row.store_name,
            subject: row.subject,
            state: row.state,
            priority: row.priority,
            assignee_name: row.assignee_name,
            assignee: row.assignee.map(|user| user.uuid()).filter(|_| is_staff),
            about: row.about.map(AboutItem::from),
            opened_by_name: row.opened_name,
            is_opened_by_staff: row.opened_by_staff,
            opened_at: row.opened_at,
            last_message_at: row.last_message_at,
            first_answer_at: row.first_answer_at,
            answer_due_at: row.answer_due_at.filter(|_| is_staff),
            answer_late_at: row.answer_late_at.filter(|_| is_staff),
            closed_at: row.closed_at,
            version: row.version,
        }
    }
}

impl From<About> for AboutItem {
    fn from(about: About) -> Self {
        Self { kind: about.kind, id: about.id, title: about.title }
    }
}

impl From<AttachmentRow> for FileItem {
    fn from(row: AttachmentRow) -> Self {
        Self {
            href: format!("/api/v1/attachments/{}", row.id),
            id: row.id.uuid(),
            name: row.name,
            media_type: row.kind.as_str(),
            bytes: row.bytes,
        }
    }
}
