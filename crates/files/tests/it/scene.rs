//! What the tests share: bytes that tell their own length, and the sweep's view of a folder.

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use storewire_domain::{AttachmentId, TenantId};
use storewire_files::{Files, Stored};

/// Any piece of it shows that it is one.
pub fn letters(length: usize) -> Bytes {
    let mut bytes: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
    bytes.extend_from_slice(b".");
    bytes.into()
}

pub fn is_whole(bytes: &Bytes) -> bool {
    *bytes == letters(bytes.len().saturating_sub(1))
}

pub fn key() -> (TenantId, AttachmentId) {
    (TenantId::fresh(), AttachmentId::fresh())
}

pub async fn stored(files: &Files) -> Vec<Stored> {
    files.stored().try_collect().await.unwrap()
}

/// Later than anything that a test puts.
pub fn far_ahead() -> Timestamp {
    Timestamp::MAX
}
