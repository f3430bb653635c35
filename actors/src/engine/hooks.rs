//! What people decide about a store's webhooks: another secret, and which addresses are the store's own.

use serde_json::json;
use storewire_db::{
    DbError, StoreRow, audit,
    changes::{self, Counted},
    dead_letters,
    diary::{self, NewEntry},
    stores::{self, secret},
};
use storewire_domain::UserId;
use storewire_guard::{seal::SealContext, token};

use super::Engine;
use crate::store::{Duty, place, quarantine_reason, store_changed};

impl Engine {
    /// Has a store sign its webhooks with a new secret. The one before stays good for a day, because the store signs what it has queued
    /// whenever it gets to it; intake knows the new one before the store does.
    ///
    /// # Errors
    /// As every statement.
    pub async fn rotate_webhook_secret(&self, store: &StoreRow, by: UserId) -> Result<(), DbError> {
        let now = self.clock.now();
        let place =
            SealContext { tenant: store.tenant_id.uuid(), store: store.id.uuid(), column: secret::WEBHOOK_SECRET };
        let sealed = self.keyring.seal(&place, token::fresh().as_bytes());
        let tx = self.db.tenant(store.tenant_id).await?;
        stores::replace_secrets(&tx, store.id, &[(secret::WEBHOOK_SECRET, sealed)], now).await?;
        let entry = NewEntry { kind: "webhook_secret_rotated", detail: json!({}), user: Some(by) };
        diary::write(&tx, store.id, &entry, now).await?;
        audit::write(&tx, Some(by), "store.rotate_webhook_secret", Some(store.id.uuid()), &json!({}), now).await?;
        changes::append(&tx, store.id, &[store_changed(store.id)], Counted::default(), now).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        self.hooks.read_all().await?;
        self.registry.hurry(store.id, Duty::Hooks);
        Ok(())
    }

    /// Accepts an address as the store's own: deliveries from there are applied from now on, and so are those that were set aside. False
    /// if it is none.
    ///
    /// # Errors
    /// As every statement.
    pub async fn accept_source(&self, store: &StoreRow, source: &str, by: UserId) -> Result<bool, DbError> {
        let Some(source) = place(source) else { return Ok(false) };
        let now = self.clock.now();
        let tx = self.db.tenant(store.tenant_id).await?;
        stores::add_source(&tx, store.id, &source, now).await?;
        let letters = stores::quarantined(&tx, store.id, &quarantine_reason(&source)).await?;
        dead_letters::retry(&tx, store.id, &letters, now).await?;
        let detail = json!({ "source": source, "retried": letters.len() });
        let entry = NewEntry { kind: "source_accepted", detail: detail.clone(), user: Some(by) };
        diary::write(&tx, store.id, &entry, now).await?;
        audit::write(&tx, Some(by), "store.accept_source", Some(store.id.uuid()), &detail, now).await?;
        changes::append(&tx, store.id, &[store_changed(store.id)], Counted::default(), now).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        self.registry.nudge_inbox(store.id);
        Ok(true)
    }
}
