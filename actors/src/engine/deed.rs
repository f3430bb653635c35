//! What a person did with a store, written where others will look for it: its diary, the audit, and the pages that are open.

use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx, audit,
    changes::{self, NewChange},
    diary::{self, NewEntry},
};
use storewire_domain::{Source, StoreId, UserId};
use uuid::Uuid;

use super::Engine;
use crate::store::store_changed;

/// A deed, to be written in the transaction that does it.
pub(super) struct Deed<'a> {
    /// What the diary calls it.
    entry: &'static str,
    /// What the audit calls it: `noun.verb`.
    action: &'static str,
    /// Its numbers and names.
    detail: Value,
    /// What the person named, one by one; too much for the diary.
    ids: &'a [Uuid],
}

impl<'a> Deed<'a> {
    pub(super) fn new(entry: &'static str, action: &'static str) -> Self {
        Self { entry, action, detail: json!({}), ids: &[] }
    }

    pub(super) fn with(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    pub(super) fn naming(self, ids: &'a [Uuid]) -> Self {
        Self { ids, ..self }
    }

    fn proof(&self) -> Value {
        let mut proof = self.detail.clone();
        if let Some(proof) = proof.as_object_mut().filter(|_| !self.ids.is_empty()) {
            proof.insert("ids".to_owned(), json!(self.ids));
        }
        proof
    }
}

impl Engine {
    /// Writes a deed down.
    pub(super) async fn note(&self, tx: &TenantTx, store: StoreId, by: UserId, deed: Deed<'_>) -> Result<(), DbError> {
        let now = self.clock.now();
        audit::write(tx, Some(by), deed.action, Some(store.uuid()), &deed.proof(), now).await?;
        diary::write(tx, store, &NewEntry { kind: deed.entry, detail: deed.detail, user: Some(by) }, now).await?;
        let change = NewChange { source: Source::User, ..store_changed(store) };
        changes::append_one(tx, store, change, now).await
    }
}
