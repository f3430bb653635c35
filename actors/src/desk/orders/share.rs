//! Links by which a buyer may look at one order: random, short-lived, and ended at any time.

use jiff::SignedDuration;
use serde_json::json;
use storewire_db::{
    DbError, DeskTx, audit,
    orders::{self, NewShare, ShareRow},
};
use storewire_domain::intent::{EditFault, Rejected};
use storewire_guard::token;
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    AtOrder, staff_only, standing,
};
use crate::failpoint;

/// The longest that a link may live, in days; the schema takes no more.
const LONGEST: u8 = 31;

pub(super) async fn make(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    at: AtOrder,
    days: u8,
) -> Result<(ShareRow, String), DeskError> {
    staff_only(by)?;
    if !(1..=LONGEST).contains(&days) {
        return Err(Rejected { field: "days", fault: EditFault::TooLarge }.into());
    }
    let (token, now) = (token::fresh(), shared.clock.now());
    let digest = token::digest(&token);
    let tx = shared.db.desk(at.tenant).await?;
    standing(&tx, at.order).await?;
    let expires_at = now.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).map_err(|_| DeskError::Busy)?;
    let new = NewShare { id: deed, order: at.order, digest: &digest, by: by.user, by_name: &by.name, expires_at };
    if !orders::make_share(&tx, &new, now).await? {
        return Err(DeskError::NotFound);
    }
    let detail = json!({ "share": deed, "expires_at": expires_at });
    audit::write(&tx, Some(by.user), "order.share", Some(at.order.uuid()), &detail, now).await?;
    finish(tx).await?;
    Ok((find(shared, at, deed).await?, token))
}

pub(super) async fn revoke(shared: &DeskShared, by: &Hand, at: AtOrder, id: Uuid) -> Result<ShareRow, DeskError> {
    staff_only(by)?;
    find(shared, at, id).await?;
    let now = shared.clock.now();
    let tx = shared.db.desk(at.tenant).await?;
    if orders::revoke_share(&tx, at.order, id, by.user, now).await? {
        audit::write(&tx, Some(by.user), "order.unshare", Some(at.order.uuid()), &json!({ "share": id }), now).await?;
    }
    finish(tx).await?;
    find(shared, at, id).await
}

async fn finish(tx: DeskTx) -> Result<(), DbError> {
    failpoint!("desk.before_commit");
    tx.commit().await?;
    failpoint!("desk.after_commit");
    Ok(())
}

/// A link as the platform sees it.
async fn find(shared: &DeskShared, at: AtOrder, id: Uuid) -> Result<ShareRow, DeskError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = tokio::join!(biased; orders::find_share(&tx, at.tenant, at.order, id), tx.end());
    ended?;
    found?.ok_or(DeskError::NotFound)
}
