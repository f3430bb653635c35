//! Which store actor runs where, so that anyone may nudge it without holding up anyone.

use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use actix::Addr;
use storewire_domain::StoreId;

use crate::store::{Duty, Hurry, InboxNudge, Nudge, StoreActor};

/// The running store actors. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Registry(Arc<RwLock<HashMap<StoreId, Entry>>>);

#[derive(Clone)]
struct Entry {
    addr: Addr<StoreActor>,
    nudged: Arc<AtomicBool>,
}

impl Registry {
    pub(crate) fn insert(&self, store: StoreId, addr: Addr<StoreActor>, nudged: Arc<AtomicBool>) {
        if let Ok(mut entries) = self.0.write() {
            entries.insert(store, Entry { addr, nudged });
        }
    }

    pub(crate) fn remove(&self, store: StoreId) -> Option<Addr<StoreActor>> {
        self.0.write().ok()?.remove(&store).map(|entry| entry.addr)
    }

    pub(crate) fn addr(&self, store: StoreId) -> Option<Addr<StoreActor>> {
        Some(self.0.read().ok()?.get(&store)?.addr.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.read().map_or(0, |entries| entries.len())
    }

    /// Says that the store's inbox has mail. Nudges coalesce: while one is waiting, another adds nothing; one that finds
    /// the mailbox full loses nothing either, since the actor looks at the inbox before it rests.
    pub(crate) fn nudge_inbox(&self, store: StoreId) {
        let entry = self.0.read().ok().and_then(|entries| entries.get(&store).cloned());
        if let Some(entry) = entry
            && !entry.nudged.swap(true, Ordering::AcqRel)
            && entry.addr.try_send(InboxNudge).is_err()
        {
            entry.nudged.store(false, Ordering::Release);
        }
    }

    /// Says that the store's rows hold work for a duty. A lost nudge costs little: the rows are looked at in their turn.
    pub(crate) fn nudge(&self, store: StoreId, duty: Duty) {
        if let Some(addr) = self.addr(store) {
            let _ = addr.try_send(Nudge(duty));
        }
    }

    /// Says that a person wants something done for the store now. False if its actor does not run.
    pub(crate) fn hurry(&self, store: StoreId, duty: Duty) -> bool {
        self.addr(store).is_some_and(|addr| addr.try_send(Hurry(duty)).is_ok())
    }
}
