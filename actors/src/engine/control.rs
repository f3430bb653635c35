//! What people do with a store as a whole: pause, resume, read now, compare everything, read one record.
//!
//! Each deed is a row first, with its entry in the diary and the audit; the store's actor is told afterwards and would find it by itself.

use serde_json::json;
use storewire_db::{
    DbError, StoreRow, TenantTx, audit, changes, checkpoints,
    diary::{self, NewEntry},
    rechecks::{self, NewRecheck, RecheckKind},
    standing, sweeps,
};
use storewire_domain::{ChangeKind, RemoteId, Source, StoreState, UserId, sweep::Purpose};

use super::Engine;
use crate::{
    store::Duty,
    supervisor::{Begin, Look},
};

impl Engine {
    /// Stops all work for a store within seconds, at any line; checkpoints stay, and deliveries are stored all the same.
    ///
    /// # Errors
    /// As every statement.
    pub async fn pause(&self, store: &StoreRow, by: UserId) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.tenant(store.tenant_id).await?;
        if standing::pause(&tx, store.id, now).await? {
            self.note(&tx, store, Some(by), "paused", "store.pause").await?;
        }
        tx.commit().await?;
        self.say_changed();
        Ok(())
    }

    /// Lets the work for a paused or parked store go on: what was delivered meanwhile is applied, and it is read at once.
    ///
    /// # Errors
    /// As every statement.
    pub async fn resume(&self, store: &StoreRow, by: UserId) -> Result<(), DbError> {
        self.set_to_work(store, Some(by)).await
    }

    async fn set_to_work(&self, store: &StoreRow, by: Option<UserId>) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.tenant(store.tenant_id).await?;
        let is_imported = checkpoints::list(&tx, store.id).await?.iter().all(|one| one.backfilled_at.is_some());
        let state = if is_imported { StoreState::Live } else { StoreState::New };
        if standing::resume(&tx, store.id, state, now).await?.is_some() {
            self.note(&tx, store, by, "resumed", "store.resume").await?;
        }
        tx.commit().await?;
        self.say_changed();
        // A full mailbox costs no more than haste: the supervisor looks on a timer too.
        let _ = self.supervisor.try_send(Begin { store: store.id });
        Ok(())
    }

    /// Has everything that the store holds compared with our copy, and repaired where they differ.
    ///
    /// # Errors
    /// As every statement.
    pub async fn reconcile(&self, store: &StoreRow, by: UserId) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.tenant(store.tenant_id).await?;
        sweeps::want(&tx, store.id, Purpose::Reconcile, Some(by), now).await?;
        self.note(&tx, store, Some(by), "reconcile_wanted", "store.reconcile").await?;
        tx.commit().await?;
        self.hurry(store, Duty::Sweep);
        Ok(())
    }

    /// Asks a store's actor to read it now, whatever rests; a parked store is resumed by it. False if the store is paused.
    ///
    /// # Errors
    /// As every statement.
    pub async fn sync_now(&self, store: &StoreRow) -> Result<bool, DbError> {
        if store.state == StoreState::Parked {
            self.set_to_work(store, None).await?;
            return Ok(true);
        }
        Ok(self.hurry(store, Duty::Pull))
    }

    /// Has one record read from the store now. False if the store's actor does not run; the wish waits for it.
    ///
    /// # Errors
    /// As every statement.
    pub async fn sync_record(
        &self,
        store: &StoreRow,
        kind: RecheckKind,
        remote_id: &RemoteId,
    ) -> Result<bool, DbError> {
        let now = self.clock.now();
        let wish = NewRecheck {
            kind,
            remote_id: remote_id.clone(),
            reason: "click",
            source: Source::User,
            received_at: None,
            due_at: now,
        };
        let tx = self.db.tenant(store.tenant_id).await?;
        rechecks::want(&tx, store.id, &[wish], now).await?;
        tx.commit().await?;
        Ok(self.hurry(store, Duty::Rechecks))
    }

    /// Says that a person wants something done for the store now. False if its actor does not run.
    pub(super) fn hurry(&self, store: &StoreRow, duty: Duty) -> bool {
        self.registry.hurry(store.id, duty)
    }

    /// The feed and the supervisor look at the rows.
    pub(super) fn say_changed(&self) {
        self.feed_nudge.send();
        let _ = self.supervisor.try_send(Look);
    }

    /// Writes a deed of a person where others will look for it: diary, audit, and the pages that are open.
    pub(super) async fn note(
        &self,
        tx: &TenantTx,
        store: &StoreRow,
        by: Option<UserId>,
        entry: &'static str,
        action: &str,
    ) -> Result<(), DbError> {
        let now = self.clock.now();
        diary::write(tx, store.id, &NewEntry { kind: entry, detail: json!({}), user: by }, now).await?;
        audit::write(tx, by, action, Some(store.id.uuid()), &json!({}), now).await?;
        let change = changes::NewChange {
            kind: ChangeKind::StoreChanged,
            entity_id: store.id.uuid(),
            source: Source::User,
            store_time: None,
            received_at: None,
            detail: std::collections::BTreeMap::default(),
        };
        changes::append(tx, store.id, &[change], changes::Counted::default(), now).await.map(drop)
    }
}
