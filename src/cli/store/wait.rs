//! Waits until the server has read what it was asked to read, and tells what it found, from the rows that it writes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{
    Db, DbError,
    changes::{self, Cursor},
    checkpoints, coupons, customers, orders, products,
    rechecks::{self, RecheckKind},
};
use storewire_domain::{ChangeKind, Clock, ReadScope, RemoteId, Resource, Source, StoreId, TenantId};

use super::known;
use crate::failure::{Exit, Failure, Outcome};

const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// More than this many changes are not counted one by one.
const MOST_CHANGES: u32 = 100_000;

/// What is waited for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Every listing of these resources; of all, if none is named.
    Listings(Vec<Resource>),
    Record(RecheckKind, RemoteId),
}

/// A store that was asked to be read.
pub struct Wait {
    tenant: TenantId,
    store: StoreId,
    wanted: Wanted,
    asked_at: Timestamp,
    cursor: Cursor,
}

/// What came of it.
#[derive(Serialize)]
pub struct Found {
    pub store: StoreId,
    /// Kind of change to how many.
    pub changes: BTreeMap<&'static str, u64>,
    /// Whether the store has the record that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_there: Option<bool>,
}

impl Wanted {
    fn is_about(&self, kind: ChangeKind) -> bool {
        let noun = kind.noun();
        match self {
            Self::Listings(named) if named.is_empty() => !matches!(noun, "store" | "intent"),
            Self::Listings(named) => named.iter().any(|one| one.as_str().starts_with(noun)),
            Self::Record(RecheckKind::Refunds, _) => noun == RecheckKind::Order.as_str(),
            Self::Record(RecheckKind::Variations, _) => noun == RecheckKind::Product.as_str(),
            Self::Record(kind, _) => noun == kind.as_str(),
        }
    }
}

impl Wait {
    /// Remembers where the change log stands before the store is asked.
    pub async fn begin(db: &Db, store: StoreId, wanted: Wanted) -> Outcome<Self> {
        let tx = db.staff().await?;
        let row = known(&tx, store).await?;
        let cursor = tx.cursor().await?;
        tx.commit().await?;
        Ok(Self { tenant: row.tenant_id, store, wanted, asked_at: Clock::system().now(), cursor })
    }

    /// Waits for all of them.
    pub async fn all(db: &Db, waits: Vec<Self>, within: Duration) -> Outcome<Vec<Found>> {
        let until = Instant::now() + within;
        let mut found = Vec::new();
        for wait in waits {
            while !wait.is_read(db).await? {
                if Instant::now() >= until {
                    let store = wait.store;
                    return Err(Failure::new(
                        Exit::TryLater,
                        format!("{store} was not read in time; `store list` tells its state"),
                    ));
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            found.push(wait.found(db).await?);
        }
        Ok(found)
    }

    async fn is_read(&self, db: &Db) -> Result<bool, DbError> {
        let tx = db.tenant(self.tenant).await?;
        let is_read = match &self.wanted {
            Wanted::Listings(named) => {
                let listings = checkpoints::list(&tx, self.store).await?;
                let mut wanted = listings.iter().filter(|one| named.is_empty() || named.contains(&one.resource));
                // A walk that began before the question may have passed what it is about.
                wanted.all(|one| one.walk.is_none() && one.began_at.is_some_and(|began| began >= self.asked_at))
            }
            Wanted::Record(kind, remote_id) => !rechecks::is_wanted(&tx, self.store, *kind, remote_id).await?,
        };
        tx.commit().await?;
        Ok(is_read)
    }

    async fn found(&self, db: &Db) -> Outcome<Found> {
        let tx = db.read(&ReadScope::Platform { stores: Some(vec![self.store]) }).await?;
        let rows = changes::since(&tx, &self.cursor, MOST_CHANGES).await?;
        tx.commit().await?;
        let rows =
            rows.ok_or_else(|| Failure::new(Exit::Failed, format!("more than {MOST_CHANGES} changes came at once")))?;
        let mut counted = BTreeMap::new();
        // What webhooks told meanwhile is not what was asked for.
        let is_read = |source| matches!(source, Source::Pull | Source::Backfill | Source::User);
        for row in rows.iter().filter(|row| is_read(row.source) && self.wanted.is_about(row.kind)) {
            *counted.entry(row.kind.as_str()).or_default() += 1;
        }
        Ok(Found { store: self.store, changes: counted, is_there: self.is_there(db).await? })
    }

    /// As our copy says, now that the store was asked.
    async fn is_there(&self, db: &Db) -> Result<Option<bool>, DbError> {
        let Wanted::Record(kind, remote_id) = &self.wanted else { return Ok(None) };
        let (store, ids) = (self.store, [remote_id]);
        let tx = db.tenant(self.tenant).await?;
        let deleted_at = match kind {
            RecheckKind::Order | RecheckKind::Refunds => {
                orders::versions(&tx, store, &ids).await?.remove(remote_id).map(|one| one.deleted_at)
            }
            RecheckKind::Product | RecheckKind::Variations => {
                products::versions(&tx, store, &ids).await?.remove(remote_id).map(|one| one.deleted_at)
            }
            RecheckKind::Customer => {
                customers::versions(&tx, store, &ids).await?.remove(remote_id).map(|one| one.deleted_at)
            }
            RecheckKind::Coupon => {
                coupons::versions(&tx, store, &ids).await?.remove(remote_id).map(|one| one.deleted_at)
            }
        };
        tx.commit().await?;
        Ok(Some(deleted_at.is_some_and(|at| at.is_none())))
    }
}
