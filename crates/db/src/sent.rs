//! What is kept of every record beside its own fields: how the store sent it.

use jiff::Timestamp;

/// A record as the store sent it.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The record's own JSON.
    pub raw: &'a str,
    /// What tells its content from another.
    pub content_hash: [u8; 32],
    /// When the store was asked for it; `None` if it was delivered.
    pub read_at: Option<Timestamp>,
}
