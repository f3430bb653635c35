//! What was said in a ticket, and what staff noted, in the order of time.

use serde_json::Value;
use storewire_db::{
    AttachmentRow,
    tickets::{MessageRow, NoteRow},
};
use storewire_domain::{UserId, ticket::MessageKind};
use uuid::Uuid;

use super::{When, status};
use crate::panel::{dom_id, url, words::Words};

/// One entry of a thread.
#[derive(Clone, Debug)]
pub struct EntryView {
    pub dom_id: String,
    pub by: String,
    pub at: When,
    pub text: String,
    pub files: Vec<FileView>,
    pub look: Look,
    /// That the other side has read up to here, if it is the newest of the reader's own that they have.
    pub seen: Option<String>,
}

/// As what an entry is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Words, of the reader's own side or not.
    Message { is_staff: bool, is_own: bool },
    /// Of staff among themselves.
    Note,
    /// Something happened.
    Event { icon: &'static str, words: String },
}

/// A file that an entry carries.
#[derive(Clone, Debug)]
pub struct FileView {
    pub href: String,
    pub name: String,
    pub size: String,
    /// It is shown; others are for saving.
    pub is_image: bool,
}

/// A thread as one reader sees it: `notes` is empty for merchants.
#[must_use]
pub fn thread(
    messages: &[MessageRow],
    notes: &[NoteRow],
    files: &[AttachmentRow],
    reader: UserId,
    t: &Words,
) -> Vec<EntryView> {
    let mut entries: Vec<_> = messages.iter().map(|row| (row.at, message(row, files, reader, t))).collect();
    entries.extend(notes.iter().map(|row| (row.at, note(row, files, t))));
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn message(row: &MessageRow, files: &[AttachmentRow], reader: UserId, t: &Words) -> EntryView {
    EntryView {
        dom_id: dom_id::ticket_entry(row.id),
        by: row.by_name.clone(),
        at: When::moment(row.at),
        text: row.text.clone(),
        files: carried(files, row.id, t),
        look: match row.kind {
            MessageKind::Message => Look::Message { is_staff: row.by_staff, is_own: row.user_id == reader },
            MessageKind::State => moved(&row.detail, t),
            MessageKind::Action => acted(&row.detail, t),
        },
        seen: None,
    }
}

fn note(row: &NoteRow, files: &[AttachmentRow], t: &Words) -> EntryView {
    EntryView {
        dom_id: dom_id::ticket_entry(row.id),
        by: row.by_name.clone(),
        at: When::moment(row.at),
        text: row.text.clone(),
        files: carried(files, row.id, t),
        look: Look::Note,
        seen: None,
    }
}

fn moved(detail: &Value, t: &Words) -> Look {
    let is_closed = detail.pointer("/state/1").and_then(Value::as_str) == Some("closed");
    let (icon, words) = match is_closed {
        true => ("circle-check", t.get("ticket-was-closed")),
        false => ("rotate-ccw", t.get("ticket-was-reopened")),
    };
    Look::Event { icon, words }
}

fn acted(detail: &Value, t: &Words) -> Look {
    let word = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let (icon, words) = match word("action") {
        "approve" => ("circle-check", t.get("ticket-approved")),
        "reject" => ("circle-x", t.get("ticket-rejected")),
        "order_status" => ("send", t.with("ticket-order-status", "status", &status::order(word("status"), t).word)),
        _ => ("refresh-cw", t.get("ticket-resynced")),
    };
    Look::Event { icon, words }
}

fn carried(files: &[AttachmentRow], by: Uuid, t: &Words) -> Vec<FileView> {
    let of_entry = files.iter().filter(|file| file.carrier_id == Some(by));
    of_entry
        .map(|file| FileView {
            href: url::attachment(file.id),
            name: file.name.clone(),
            // No file is empty, so the smallest is told as one.
            size: t.count("ticket-file-size", (file.bytes + 1_023) / 1_024),
            is_image: file.kind.is_image(),
        })
        .collect()
}
