//! Files that people attach: judged by their bytes, kept, written down; and taken away if nothing carries them.
//!
//! Bytes come first, then the row. What a crash leaves in between is reached by nobody, and swept up.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storewire_db::{
    AttachmentRow, Db,
    attachments::{self, NewAttachment},
};
use storewire_domain::{
    AttachmentId, TenantId,
    attachment::{safe_name, sniff, strip},
    ticket::TicketRefusal,
};
use storewire_files::{Files, Stored};
use tokio::sync::Semaphore;

use super::{Desk, DeskError, DeskShared, Hand, tickets::refused};
use crate::failpoint;

/// Uploads that are judged and kept at once: each holds its bytes twice.
const AT_ONCE: usize = 4;
/// Files that the sweep asks the database about in one go.
const SWEPT_AT_ONCE: usize = 500;
/// An upload that nothing carries for so long is forgotten.
const LOOSE_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The files, and whose turn it is to keep one. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Cabinet {
    pub(crate) files: Files,
    turns: Arc<Semaphore>,
}

impl Cabinet {
    pub(crate) fn new(files: Files) -> Self {
        Self { files, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// What people may send at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// The largest file, in bytes.
    pub bytes: usize,
    /// As many are carried by one message.
    pub files: usize,
}

impl Desk {
    /// As the operator sets them.
    #[must_use]
    pub fn file_limits(&self) -> FileLimits {
        FileLimits { bytes: self.shared.config.file_bytes, files: self.shared.config.files_per_message }
    }

    /// Keeps a file, to be attached by who uploaded it within a day. Pictures are kept without what cameras write into them.
    ///
    /// # Errors
    /// See [`DeskError`]; no row was written then.
    pub async fn upload(
        &self,
        tenant: TenantId,
        by: Hand,
        name: String,
        bytes: Bytes,
    ) -> Result<AttachmentRow, DeskError> {
        let shared = self.shared.clone();
        let work = self.shared.engine.spawn(async move { keep(&shared, tenant, &by, &name, bytes).await });
        work.await.map_err(|_| DeskError::Busy)?
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// `Files` if they are not there or cannot be read.
    pub async fn file(&self, row: &AttachmentRow) -> Result<Bytes, DeskError> {
        let (files, tenant, id) = (self.shared.cabinet.files.clone(), row.tenant_id, row.id);
        let work = self.shared.engine.spawn(async move { files.get(tenant, id).await });
        Ok(work.await.map_err(|_| DeskError::Busy)??)
    }
}

async fn keep(
    shared: &DeskShared,
    tenant: TenantId,
    by: &Hand,
    name: &str,
    bytes: Bytes,
) -> Result<AttachmentRow, DeskError> {
    let _turn = shared.cabinet.turns.acquire().await.map_err(|_| DeskError::Busy)?;
    if bytes.len() > shared.config.file_bytes {
        return Err(TicketRefusal::TooLarge.into());
    }
    let kind = sniff(&bytes, name).ok_or(TicketRefusal::BadType)?;
    let bytes =
        strip(kind, &bytes).map_err(|why| refused(TicketRefusal::BadType, json!({ "why": why.to_string() })))?;
    let size = i64::try_from(bytes.len()).ok().filter(|_| bytes.len() <= shared.config.file_bytes);
    let size = size.ok_or(TicketRefusal::TooLarge)?;
    let tx = shared.db.desk(tenant).await?;
    let held = attachments::sum(&tx).await?;
    tx.commit().await?;
    if held.saturating_add(size) > shared.config.upload_bytes_of_tenant {
        return Err(TicketRefusal::Full.into());
    }
    let id = AttachmentId::fresh();
    shared.cabinet.files.put(tenant, id, bytes.into()).await?;
    failpoint!("files.after_put");
    let (name, now) = (safe_name(name, kind), shared.clock.now());
    let new = NewAttachment { id, name: &name, kind, bytes: size, by: by.user };
    let tx = shared.db.desk(tenant).await?;
    attachments::insert(&tx, &new, now).await?;
    tx.commit().await?;
    Ok(AttachmentRow {
        tenant_id: tenant,
        id,
        for_staff: false,
        ticket_id: None,
        return_id: None,
        carrier_id: None,
        name,
        kind,
        bytes: size,
        uploaded_by: by.user,
        created_at: now,
    })
}

/// Takes away what nobody can reach: uploads that nothing carried in time, bytes without a row, halves of bytes. Answers how many.
///
/// # Errors
/// What the database or the folder refused; the next sweep goes on.
pub(crate) async fn sweep(db: &Db, files: &Files, now: Timestamp) -> Result<usize, DeskError> {
    let before = now.checked_sub(LOOSE_FOR).unwrap_or(Timestamp::MIN);
    let mut swept = 0;
    loop {
        // The row first: once it is gone nobody can attach the file any more.
        let tx = db.janitor().await?;
        let loose = attachments::forget_loose(&tx, before, u32::try_from(SWEPT_AT_ONCE).unwrap_or(u32::MAX)).await?;
        tx.commit().await?;
        for (tenant, id) in &loose {
            files.delete(*tenant, *id).await?;
        }
        swept += loose.len();
        if loose.len() < SWEPT_AT_ONCE {
            break;
        }
    }
    let old = files.stored().try_filter(|stored| std::future::ready(stored.at < before));
    let mut chunks = Box::pin(old.try_chunks(SWEPT_AT_ONCE));
    while let Some(chunk) = chunks.next().await {
        swept += forget_rowless(db, files, &chunk.map_err(|stopped| stopped.1)?).await?;
    }
    Ok(swept + files.clear_halves(before).await?)
}

async fn forget_rowless(db: &Db, files: &Files, stored: &[Stored]) -> Result<usize, DeskError> {
    let ids: Vec<AttachmentId> = stored.iter().map(|stored| stored.id).collect();
    let tx = db.platform().await?;
    let (known, ended) = tokio::join!(biased; attachments::known_of(&tx, &ids), tx.end());
    ended?;
    let known = known?;
    let mut swept = 0;
    for stored in stored.iter().filter(|stored| !known.contains(&stored.id)) {
        files.delete(stored.tenant, stored.id).await?;
        swept += 1;
    }
    Ok(swept)
}
