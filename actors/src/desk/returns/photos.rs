//! Pictures of what comes back.

use serde_json::json;
use storewire_db::{
    DbError, ReturnRow,
    attachments::{self, Carrier},
};
use storewire_domain::{
    AttachmentId, ReturnId, TenantId,
    returns::{ReturnEntry, ReturnRefusal},
    ticket::TicketRefusal,
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, tickets},
    find, lock, staff_only,
    told::{self, Subject, Told},
};

/// Attaches files that this person uploaded, as one entry of the timeline, whose id is the deed's.
pub(super) async fn attach(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    (tenant, id): (TenantId, ReturnId),
    files: &[AttachmentId],
) -> Result<ReturnRow, DeskError> {
    staff_only(by)?;
    if files.is_empty() {
        return Err(ReturnRefusal::NoPhotos.into());
    }
    if files.len() > shared.config.files_per_message {
        return Err(TicketRefusal::TooManyFiles.into());
    }
    if !are_pictures(shared, files).await? {
        return Err(ReturnRefusal::NotPicture.into());
    }
    let now = shared.clock.now();
    let tx = shared.db.desk(tenant).await?;
    let row = lock(&tx, id).await?;
    let of = Subject::from(&row);
    let detail = json!({ "photos": files });
    let (kind, action) = (ReturnEntry::Photo, "return.photo");
    let entry = Told { deed, by, kind, text: "", action, notice: None, detail, letter: None };
    // The entry comes first: by it a repeated deed knows that its files are attached already.
    if told::note(&tx, &of, entry, now).await? {
        tickets::carry(&tx, files, Carrier::Return { id, event: deed }, by).await?;
        told::log(&tx, &of, None, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, tenant, id).await
}

/// Whether all of them that are there are pictures.
async fn are_pictures(shared: &DeskShared, files: &[AttachmentId]) -> Result<bool, DbError> {
    let tx = shared.db.platform().await?;
    let mut are_pictures = true;
    for id in files {
        are_pictures &= attachments::find(&tx, *id).await?.is_none_or(|file| file.kind.is_image());
    }
    tx.commit().await?;
    Ok(are_pictures)
}
