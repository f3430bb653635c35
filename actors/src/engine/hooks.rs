//! What people decide about a store's webhooks: another secret, and which addresses are the store's own.

use serde_json::json;
use storewire_db::{
    DbError, StoreRow, dead_letters,
    stores::{self, secret},
};
use storewire_domain::UserId;
use storewire_guard::{seal::SealContext, token};

use super::{Engine, deed::Deed};
use crate::store::{Duty, place, quarantine_reason};

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
        let deed = Deed::new("webhook_secret_rotated", "store.rotate_webhook_secret");
        self.note(&tx, store.id, by, deed).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        if let Err(error) = self.hooks.read_all().await {
            // What the new one signed is looked up when it comes.
            tracing::warn!(store.id = %store.id, %error, "the new webhook secret was not read ahead");
        }
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
        self.note(&tx, store.id, by, Deed::new("source_accepted", "store.accept_source").with(detail)).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        self.registry.nudge_inbox(store.id);
        Ok(true)
    }
}
