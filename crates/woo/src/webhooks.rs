//! A store's webhooks: what is registered there, and our own.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use storewire_domain::RemoteId;
use tracing::instrument;

use crate::{
    Failure, Paging, Patch, Poison, StoreClient, WooError,
    client::path_id,
    decode::{self, Fields},
    salvage,
};

/// More webhooks than this no sound store has.
const MOST_PAGES: u32 = 50;

/// A webhook as the store lists it. Its secret is never told.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteWebhook {
    pub id: RemoteId,
    pub topic: String,
    /// `active`, `paused` or `disabled`; a store disables after seven failures in a row, silently.
    pub status: String,
    /// Holds our token; not to be logged.
    pub delivery_url: String,
    pub name: String,
}

impl fmt::Debug for RemoteWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteWebhook")
            .field("id", &self.id)
            .field("topic", &self.topic)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl StoreClient {
    /// Every webhook of the store, ours and others'.
    ///
    /// # Errors
    /// `AuthNotReaching` or `Forbidden` where the keys' user is no shop manager.
    #[instrument(name = "woo.webhook.list", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn list_webhooks(&self) -> Result<Vec<RemoteWebhook>, WooError> {
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let mut params = Paging { page, per_page: 100 }.params();
            params.push(("status", "all".to_owned()));
            let found = self.list("wc/v3/webhooks", params, webhook).await?;
            all.extend(found.good().map(|item| item.value.clone()));
            if found.is_last(page) {
                break;
            }
        }
        Ok(all)
    }

    /// Registers a webhook with our own secret. The store pings the URL before it answers.
    ///
    /// # Errors
    /// As for any write: after an unclear outcome list before registering again, or there will be two.
    #[instrument(name = "woo.webhook.create", skip_all, fields(store.host = self.host(), topic), err(level = "debug"))]
    pub async fn create_webhook(
        &self,
        topic: &str,
        delivery_url: &str,
        secret: &SecretString,
    ) -> Result<RemoteWebhook, WooError> {
        // WooCommerce checks the topic in lower case but keeps it as sent; in upper case it would be kept empty.
        let topic = topic.to_ascii_lowercase();
        let body = json!({
            "name": format!("Storewire {topic}"),
            "topic": topic,
            "delivery_url": delivery_url,
            "secret": secret.expose_secret(),
            "status": "active",
        });
        let answer = self.post("wc/v3/webhooks", body.to_string()).await?;
        salvage::record(&answer, false, webhook).map(|item| item.value)
    }

    /// Changes a webhook: its status, secret or delivery URL. Setting a disabled one active does not clear its count of
    /// failures, and the next one disables it again.
    ///
    /// # Errors
    /// As for any write; `Gone` where there is no such webhook.
    #[instrument(name = "woo.webhook.update", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn update_webhook(&self, id: &RemoteId, patch: &Patch) -> Result<RemoteWebhook, WooError> {
        let path = format!("wc/v3/webhooks/{}", path_id(id)?);
        let answer = self.put(&path, patch).await?;
        salvage::record(&answer, false, webhook).map(|item| item.value)
    }

    /// Deletes a webhook; one that is gone already counts as deleted.
    ///
    /// # Errors
    /// As for any write.
    #[instrument(name = "woo.webhook.delete", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn delete_webhook(&self, id: &RemoteId) -> Result<(), WooError> {
        let path = format!("wc/v3/webhooks/{}", path_id(id)?);
        match self.delete(&path).await {
            Ok(_) => Ok(()),
            Err(error) if error.class == Failure::Gone => Ok(()),
            Err(error) => Err(error),
        }
    }
}

pub(crate) fn webhook(body: &[u8]) -> Result<crate::Item<RemoteWebhook>, Poison> {
    decode::decode(body, |fields: &Fields<'_>| {
        Ok(RemoteWebhook {
            id: fields.own_id()?,
            topic: fields.text("topic"),
            status: fields.text("status"),
            delivery_url: fields.text("delivery_url"),
            name: fields.text("name"),
        })
    })
}
