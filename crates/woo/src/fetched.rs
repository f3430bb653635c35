//! One record as a store sent it: decoded, undecodable, or gone.

use std::fmt;

use storewire_domain::RemoteId;

/// A decoded record beside its own JSON text, kept to the byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Item<T> {
    pub value: T,
    /// The record's JSON as sent, without its neighbours on the page.
    pub raw: String,
    /// It came with noise around its JSON: believe what it says, but prove a write by reading again.
    pub dirty: bool,
}

/// A record that could not be decoded. Its neighbours are not harmed.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("undecodable record: {reason}")]
pub struct Poison {
    /// What was sent; invalid UTF-8 and NUL bytes are replaced.
    pub raw: String,
    /// The record's id, where at least that could be read.
    pub remote_id: Option<RemoteId>,
    /// Field and fault, such as `line_items[3].total: not a number`; never the store's data.
    pub reason: String,
}

/// What a read of one record found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched<T> {
    Found(Item<T>),
    /// The store says that it has no such record. A broken route can say so too: ask [`crate::StoreClient::ping_index`]
    /// before believing it.
    Gone {
        /// The store's own code, such as `woocommerce_rest_shop_order_invalid_id`.
        code: String,
    },
}

impl<T> Fetched<T> {
    /// The record, if it is there.
    #[must_use]
    pub fn found(self) -> Option<Item<T>> {
        match self {
            Self::Found(item) => Some(item),
            Self::Gone { .. } => None,
        }
    }
}

// Raw bodies hold people's data, so neither type prints them.
impl<T: fmt::Debug> fmt::Debug for Item<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("value", &self.value)
            .field("raw_bytes", &self.raw.len())
            .field("dirty", &self.dirty)
            .finish()
    }
}

impl fmt::Debug for Poison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poison")
            .field("raw_bytes", &self.raw.len())
            .field("remote_id", &self.remote_id)
            .field("reason", &self.reason)
            .finish()
    }
}
