//! Mail that a person wants handled again, by today's code: stored deliveries, and what was given up on.
//!
//! The rows are the order: the store's actor finds them by itself and is only told so that it need not be waited for.

use serde_json::json;
use storewire_db::{
    DbError, StoreRow, TenantTx,
    dead_letters::{self, Retried},
    deliveries,
};
use storewire_domain::{DeliveryId, StoreId, UserId};
use uuid::Uuid;

use super::{Engine, deed::Deed};
use crate::store::Duty;

/// As many are taken by one wish; whoever has more asks again.
const MOST_AT_ONCE: u32 = 10_000;

/// Which open dead letters of a store a person means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadSelection {
    Ids(Vec<Uuid>),
    /// All of one cause, the oldest first.
    Cause(String),
}

impl Engine {
    /// Has stored deliveries handled again and answers how many were taken; those that wait already are left alone.
    ///
    /// # Errors
    /// As every statement.
    pub async fn replay(&self, store: &StoreRow, ids: &[DeliveryId], by: UserId) -> Result<u64, DbError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let tx = self.db.tenant(store.tenant_id).await?;
        let replayed = deliveries::replay(&tx, store.id, &ids, self.clock.now()).await?;
        if replayed > 0 {
            let deed = Deed::new("replayed", "delivery.replay").with(json!({ "deliveries": replayed })).naming(&ids);
            self.note(&tx, store.id, by, deed).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
        self.registry.nudge_inbox(store.id);
        Ok(replayed)
    }

    /// Tries dead letters again and answers how many; one that fails again is set aside again.
    ///
    /// # Errors
    /// As every statement.
    pub async fn retry_dead(&self, store: &StoreRow, which: &DeadSelection, by: UserId) -> Result<u64, DbError> {
        let tx = self.db.tenant(store.tenant_id).await?;
        let ids = chosen(&tx, store.id, which).await?;
        let Retried { deliveries, records, .. } = dead_letters::retry(&tx, store.id, &ids, self.clock.now()).await?;
        if deliveries + records > 0 {
            let detail = json!({ "cause": which.cause(), "deliveries": deliveries, "records": records });
            let deed = Deed::new("dead_retried", "dead_letter.retry").with(detail).naming(which.ids());
            self.note(&tx, store.id, by, deed).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
        self.registry.nudge_inbox(store.id);
        // An actor that does not run finds them when it starts.
        let _ = self.registry.hurry(store.id, Duty::Rechecks);
        Ok(deliveries + records)
    }

    /// Closes dead letters for good and answers how many; their bytes are kept.
    ///
    /// # Errors
    /// As every statement.
    pub async fn discard_dead(&self, store: &StoreRow, which: &DeadSelection, by: UserId) -> Result<u64, DbError> {
        let tx = self.db.tenant(store.tenant_id).await?;
        let ids = chosen(&tx, store.id, which).await?;
        let discarded = dead_letters::resolve(&tx, store.id, &ids, self.clock.now()).await?;
        if discarded > 0 {
            let detail = json!({ "cause": which.cause(), "letters": discarded });
            let deed = Deed::new("dead_discarded", "dead_letter.discard").with(detail).naming(which.ids());
            self.note(&tx, store.id, by, deed).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
        Ok(discarded)
    }
}

impl DeadSelection {
    /// Those that the person named one by one.
    fn ids(&self) -> &[Uuid] {
        match self {
            Self::Ids(ids) => ids,
            Self::Cause(_) => &[],
        }
    }

    fn cause(&self) -> Option<&str> {
        match self {
            Self::Ids(_) => None,
            Self::Cause(cause) => Some(cause),
        }
    }
}

async fn chosen(tx: &TenantTx, store: StoreId, which: &DeadSelection) -> Result<Vec<Uuid>, DbError> {
    match which {
        DeadSelection::Ids(ids) => Ok(ids.clone()),
        DeadSelection::Cause(cause) => dead_letters::open(tx, store, Some(cause), MOST_AT_ONCE).await,
    }
}
