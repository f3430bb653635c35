//! What is told past the log: that something about people on a page has changed. It holds nothing, has no number and is lost at will.

use actix::Message;
use storewire_domain::{StoreId, TenantId};
use uuid::Uuid;

/// Who is on the pages of a record has changed: those pages ask who is there.
#[derive(Clone, Copy, Debug, Message, PartialEq, Eq)]
#[rtype(result = "()")]
pub(crate) struct Whisper {
    pub(crate) tenant: TenantId,
    pub(crate) store: StoreId,
    /// The record.
    pub(crate) about: Uuid,
    /// Otherwise it is for the platform's people.
    pub(crate) for_merchants: bool,
}
