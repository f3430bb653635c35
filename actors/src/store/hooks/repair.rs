//! Carries out what a diagnosis says, at the store.

use secrecy::ExposeSecret as _;
use serde_json::json;
use storewire_db::{stores, webhook_gaps};
use storewire_domain::RemoteId;
use storewire_woo::{Failure, Patch};

use super::{
    super::{context::StoreContext, judge::WorkError},
    faults::Diagnosis,
    standing::Standing,
};

/// Makes what is missing, then deletes what is wrong: so a topic is delivered twice for a moment rather than not at all. Answers whether
/// anything was made.
pub(super) async fn repair(
    context: &StoreContext,
    diagnosis: &Diagnosis,
    url: &str,
    standing: &Standing,
) -> Result<bool, WorkError> {
    if !diagnosis.is_sound() {
        tracing::info!(store.id = %context.store, missed = %diagnosis.to_detail(), made = diagnosis.create.len(),
            deleted = diagnosis.delete.len(), rekeyed = diagnosis.rekey.len(), "webhooks are put in order");
    }
    let mut create = diagnosis.create.clone();
    for (id, topic) in &diagnosis.rekey {
        if !rekey(context, id, topic, standing).await? {
            create.push(topic);
        }
    }
    for topic in &create {
        make(context, topic, url, standing).await?;
    }
    for id in &diagnosis.delete {
        context.call(context.client.delete_webhook(id)).await?;
    }
    metrics::counter!("storewire_webhooks_made_total").increment(u64::try_from(create.len()).unwrap_or(0));
    Ok(!create.is_empty())
}

/// Has a webhook sign with the present secret from now on; false if it is not there any more. What the store has queued stays queued.
async fn rekey(context: &StoreContext, id: &RemoteId, topic: &str, standing: &Standing) -> Result<bool, WorkError> {
    let patch = Patch::from_iter([("secret".to_owned(), json!(standing.secret.expose_secret()))]);
    match context.call(context.client.update_webhook(id, &patch)).await {
        Ok(_) => remember(context, topic, id, standing).await.map(|()| true),
        Err(error) if matches!(error.class, Failure::Gone | Failure::BadRequest) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn make(context: &StoreContext, topic: &str, url: &str, standing: &Standing) -> Result<(), WorkError> {
    match context.call(context.client.create_webhook(topic, url, &standing.secret)).await {
        Ok(hook) => remember(context, topic, &hook.id, standing).await,
        // An older WooCommerce may not know a topic; the pull covers what it would have said.
        Err(error) if error.class == Failure::BadRequest => {
            tracing::warn!(store.id = %context.store, topic, "store refused a webhook topic");
            let tx = context.write().await?;
            stores::forget_webhook(&tx, context.store, topic).await?;
            Ok(tx.commit().await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn remember(context: &StoreContext, topic: &str, id: &RemoteId, standing: &Standing) -> Result<(), WorkError> {
    let tx = context.write().await?;
    stores::remember_webhook(&tx, context.store, topic, id, standing.secret_id, context.now()).await?;
    Ok(tx.commit().await?)
}

/// Writes down that all is in order now.
pub(super) async fn seal(context: &StoreContext) -> Result<(), WorkError> {
    let now = context.now();
    let tx = context.write().await?;
    stores::hooks_checked(&tx, context.store, now).await?;
    webhook_gaps::mend(&tx, context.store, now).await?;
    Ok(tx.commit().await?)
}
