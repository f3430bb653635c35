//! What lies in the folder, for the sweep that looks for loose files.

use jiff::Timestamp;
use object_store::ObjectMeta;
use storewire_domain::{AttachmentId, TenantId};

use crate::key;

/// A file as the storage knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub tenant: TenantId,
    pub id: AttachmentId,
    pub bytes: u64,
    /// When it was put, by the clock of the storage; to the second at least.
    pub at: Timestamp,
}

impl Stored {
    /// `None` for what was not put there by us: it is left alone.
    pub(crate) fn of(found: &ObjectMeta) -> Option<Self> {
        let (tenant, id) = key::read(&found.location)?;
        let at = Timestamp::from_millisecond(found.last_modified.timestamp_millis()).ok()?;
        Some(Self { tenant, id, bytes: found.size, at })
    }
}
