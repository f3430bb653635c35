//! Up to where a store has been read.

use jiff::Timestamp;
use storewire_domain::{Resource, StoreId, window::Window};

use crate::{DbError, TenantTx};

/// How far the reading of one listing of one resource has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub resource: Resource,
    /// `any`, or `trash` (which `any` never contains).
    pub listing: &'static str,
    /// Everything modified up to here, by the store's clock, is stored.
    pub position: Timestamp,
    /// The walk under way.
    pub walk: Option<Window>,
    /// Rows read in the walk under way, which goes from the last to the first.
    pub done: i64,
    /// Rows in the walk's window as the store last announced; what is not done of them is the place to go on at.
    pub expected: Option<i64>,
    /// When the walk under way began.
    pub began_at: Option<Timestamp>,
    /// When the first walk ended.
    pub backfilled_at: Option<Timestamp>,
    /// The newest modification that a walk has shown.
    pub newest: Option<Timestamp>,
    /// How many seconds the store's clock was ahead of ours when `position` was taken.
    pub clock_ahead: Option<i64>,
}

impl Checkpoint {
    /// Where a store that was never read begins.
    #[must_use]
    pub const fn start(resource: Resource, listing: &'static str) -> Self {
        Self {
            resource,
            listing,
            position: Timestamp::UNIX_EPOCH,
            walk: None,
            done: 0,
            expected: None,
            began_at: None,
            backfilled_at: None,
            newest: None,
            clock_ahead: None,
        }
    }
}

/// Every checkpoint of a store, those never written included, orders first.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &TenantTx, store: StoreId) -> Result<Vec<Checkpoint>, DbError> {
    let rows = tx.query(include_str!("../queries/checkpoint/list.sql"), &[&tx.tenant.uuid(), &store.uuid()]).await?;
    let mut checkpoints = vec![
        Checkpoint::start(Resource::Orders, "any"),
        Checkpoint::start(Resource::Products, "any"),
        Checkpoint::start(Resource::Coupons, "any"),
        Checkpoint::start(Resource::Orders, "trash"),
        Checkpoint::start(Resource::Products, "trash"),
    ];
    for row in &rows {
        let resource: String = row.try_get("resource")?;
        let listing: String = row.try_get("listing")?;
        let Some(checkpoint) =
            checkpoints.iter_mut().find(|known| known.resource.as_str() == resource && known.listing == listing)
        else {
            return Err(DbError::Inconsistent { table: "checkpoint", column: "resource" });
        };
        let after: Option<Timestamp> = row.try_get("walk_after")?;
        let before: Option<Timestamp> = row.try_get("walk_before")?;
        checkpoint.position = row.try_get("position")?;
        checkpoint.walk = after.zip(before).map(|(after, before)| Window { after, before });
        checkpoint.done = row.try_get("done")?;
        checkpoint.expected = row.try_get("expected")?;
        checkpoint.began_at = row.try_get("walk_began_at")?;
        checkpoint.backfilled_at = row.try_get("backfilled_at")?;
        checkpoint.newest = row.try_get("newest")?;
        checkpoint.clock_ahead = row.try_get("clock_ahead_s")?;
    }
    Ok(checkpoints)
}

/// Moves a checkpoint, in the transaction that stored what it stands for.
///
/// # Errors
/// As every statement.
pub async fn save(tx: &TenantTx, store: StoreId, checkpoint: &Checkpoint, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/checkpoint/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &checkpoint.resource.as_str(),
            &checkpoint.listing,
            &checkpoint.position,
            &checkpoint.walk.map(|walk| walk.after),
            &checkpoint.walk.map(|walk| walk.before),
            &checkpoint.done,
            &checkpoint.expected,
            &checkpoint.backfilled_at,
            &now,
            &checkpoint.began_at,
            &checkpoint.newest,
            &checkpoint.clock_ahead,
        ],
    )
    .await?;
    Ok(())
}
