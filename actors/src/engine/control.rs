//! What people do with a store as a whole: pause, resume, read now, compare everything, read one record, set what they call it.
//!
//! Each deed is a row first, with its entry in the diary and the audit; the store's actor is told afterwards and would find it by itself.

use std::time::Duration;

use serde_json::{Map, Value, json};
use storewire_db::{
    DbError, StoreRow, checkpoints,
    rechecks::{self, NewRecheck, RecheckKind},
    standing, stores, sweeps,
};
use storewire_domain::{RemoteId, Source, StoreState, UserId, sweep::Purpose};

use super::{Engine, deed::Deed};
use crate::{
    store::Duty,
    supervisor::{Begin, Look},
};

/// What people set for a store; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub name: Option<String>,
    /// How old its numbers may be before people are warned: a second to a week.
    pub freshness_goal: Option<Duration>,
}

impl Engine {
    /// Stops all work for a store within seconds, at any line; checkpoints stay, and deliveries are stored all the same.
    ///
    /// # Errors
    /// As every statement.
    pub async fn pause(&self, store: &StoreRow, by: UserId) -> Result<(), DbError> {
        let tx = self.db.tenant(store.tenant_id).await?;
        if standing::pause(&tx, store.id, self.clock.now()).await? {
            self.note(&tx, store.id, by, Deed::new("paused", "store.pause")).await?;
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
        let tx = self.db.tenant(store.tenant_id).await?;
        let is_imported = checkpoints::list(&tx, store.id).await?.iter().all(|one| one.backfilled_at.is_some());
        let state = if is_imported { StoreState::Live } else { StoreState::New };
        if standing::resume(&tx, store.id, state, self.clock.now()).await?.is_some() {
            self.note(&tx, store.id, by, Deed::new("resumed", "store.resume")).await?;
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
        let tx = self.db.tenant(store.tenant_id).await?;
        sweeps::want(&tx, store.id, Purpose::Reconcile, Some(by), self.clock.now()).await?;
        self.note(&tx, store.id, by, Deed::new("reconcile_wanted", "store.reconcile")).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        self.hurry(store, Duty::Sweep);
        Ok(())
    }

    /// Asks a store's actor to read it now, whatever rests; a parked store is resumed by it. False if the store is paused, or its actor
    /// just starting.
    ///
    /// # Errors
    /// As every statement.
    pub async fn sync_now(&self, store: &StoreRow, by: UserId) -> Result<bool, DbError> {
        if store.state == StoreState::Parked {
            self.resume(store, by).await?;
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

    /// Sets what people call a store, and how fresh its numbers must be.
    ///
    /// # Errors
    /// `Conflict` for a goal out of bounds; as every statement.
    pub async fn set(&self, store: &StoreRow, wanted: &Settings, by: UserId) -> Result<(), DbError> {
        let now = self.clock.now();
        let tx = self.db.tenant(store.tenant_id).await?;
        let mut changed = Map::new();
        if let Some(name) = wanted.name.as_deref().filter(|name| *name != store.name) {
            stores::rename(&tx, store.id, name, now).await?;
            changed.insert("name".to_owned(), json!([store.name, name]));
        }
        if let Some(goal) = wanted.freshness_goal.filter(|goal| *goal != store.freshness_goal) {
            stores::set_freshness_goal(&tx, store.id, goal, now).await?;
            let goals = json!([store.freshness_goal.as_secs(), goal.as_secs()]);
            changed.insert("freshness_goal_seconds".to_owned(), goals);
        }
        if !changed.is_empty() {
            let deed = Deed::new("settings_changed", "store.change").with(Value::Object(changed));
            self.note(&tx, store.id, by, deed).await?;
        }
        tx.commit().await?;
        self.say_changed();
        Ok(())
    }

    /// Says that a person wants something done for the store now. False if its actor does not run.
    fn hurry(&self, store: &StoreRow, duty: Duty) -> bool {
        self.registry.hurry(store.id, duty)
    }

    /// The feed and the supervisor look at the rows.
    fn say_changed(&self) {
        self.feed_nudge.send();
        let _ = self.supervisor.try_send(Look);
    }
}
