//! Keeps our webhooks registered in the store: one active hook per topic, with our own secret, at our URL.
//!
//! WooCommerce disables a hook in silence after repeated failures and keeps its count when it is switched on again, so a hook that
//! is not as it should be is deleted and made anew.

use secrecy::SecretString;
use storewire_db::stores;
use storewire_domain::delivery::TOPICS;
use storewire_woo::{Failure, RemoteWebhook};

use super::{context::StoreContext, judge::WorkError};

/// Puts the store's webhooks in order and answers how many had to be made.
pub(crate) async fn put_in_order(context: &StoreContext) -> Result<usize, WorkError> {
    let delivery_url = context.shared.config.delivery_url(&context.webhook_token);
    let secret = SecretString::from(context.webhook_secret.clone());
    let known = known(context).await?;
    context.pace.turn().await;
    let found = context.client.list_webhooks().await?;
    let (good, bad): (Vec<_>, Vec<_>) = ours(&found, &context.webhook_token)
        .partition(|hook| hook.status == "active" && hook.delivery_url == delivery_url && known.contains(&hook.id.0));
    for hook in bad {
        context.pace.turn().await;
        context.client.delete_webhook(&hook.id).await?;
    }
    let mut kept = std::collections::BTreeSet::new();
    for hook in good {
        if !kept.insert(hook.topic.as_str()) {
            context.pace.turn().await;
            context.client.delete_webhook(&hook.id).await?;
        }
    }
    let mut made = 0;
    for topic in TOPICS.iter().copied().filter(|topic| !kept.contains(topic)) {
        context.pace.turn().await;
        match context.client.create_webhook(topic, &delivery_url, &secret).await {
            Ok(hook) => {
                remember(context, topic, hook.id.as_str()).await?;
                made += 1;
            }
            // An older WooCommerce may not know a topic; the pull covers what it would have said.
            Err(error) if error.class == Failure::BadRequest => {
                tracing::warn!(store.id = %context.store, topic, "store refused a webhook topic");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let tx = context.write().await?;
    stores::hooks_checked(&tx, context.store, context.now()).await?;
    tx.commit().await?;
    Ok(made)
}

/// Hooks that deliver to this store's token, wherever our public URL was when they were made.
fn ours<'a>(found: &'a [RemoteWebhook], token: &'a str) -> impl Iterator<Item = &'a RemoteWebhook> {
    found.iter().filter(move |hook| hook.delivery_url.ends_with(token))
}

async fn known(context: &StoreContext) -> Result<Vec<String>, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let ids = stores::remembered_webhooks(&tx, context.store).await?;
    tx.commit().await?;
    Ok(ids)
}

async fn remember(context: &StoreContext, topic: &str, remote_id: &str) -> Result<(), WorkError> {
    let tx = context.write().await?;
    stores::remember_webhook(&tx, context.store, topic, remote_id, context.now()).await?;
    Ok(tx.commit().await?)
}
