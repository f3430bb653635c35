//! Mail that a person wants handled again, by today's code: stored deliveries, and what was given up on.
//!
//! The rows are the order: the store's actor finds them by itself and is only told so that it need not be waited for.

use serde_json::{Value, json};
use storewire_db::{
    DbError, StoreRow, TenantTx, audit,
    changes::{self, Counted, NewChange},
    dead_letters::{self, Retried},
    deliveries,
    diary::{self, NewEntry},
};
use storewire_domain::{ChangeKind, DeliveryId, Source, StoreId, UserId};
use uuid::Uuid;

use super::Engine;
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
            self.tell(&tx, store.id, by, ("replayed", "delivery.replay"), json!({ "deliveries": replayed })).await?;
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
            self.tell(&tx, store.id, by, ("dead_retried", "dead_letter.retry"), detail).await?;
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
            self.tell(&tx, store.id, by, ("dead_discarded", "dead_letter.discard"), detail).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
        Ok(discarded)
    }

    /// Writes the deed where others look for it: diary, audit, and the pages of the store that are open.
    async fn tell(
        &self,
        tx: &TenantTx,
        store: StoreId,
        by: UserId,
        (entry, action): (&'static str, &'static str),
        detail: Value,
    ) -> Result<(), DbError> {
        let now = self.clock.now();
        audit::write(tx, Some(by), action, Some(store.uuid()), &detail, now).await?;
        diary::write(tx, store, &NewEntry { kind: entry, detail, user: Some(by) }, now).await?;
        let change = NewChange {
            kind: ChangeKind::StoreChanged,
            entity_id: store.uuid(),
            source: Source::User,
            store_time: None,
            received_at: None,
            detail: Default::default(),
        };
        changes::append(tx, store, &[change], Counted::default(), now).await
    }
}

impl DeadSelection {
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
