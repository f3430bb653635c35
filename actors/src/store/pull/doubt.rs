//! An empty page where something should be: believed only when the store has proven that it lists well.

use storewire_db::{checkpoints::Checkpoint, sweeps};

use super::{
    super::{
        context::StoreContext,
        duty::Next,
        judge::WorkError,
        listing::{self, Ask},
    },
    jittered, save_only,
    walk::{self, Asked},
};

/// Nothing is where something should be. A store whose query failed inside says "empty" too, with 200 and a total of 0: that is believed
/// only when a question with a known answer is answered well.
pub(super) async fn doubt(
    context: &StoreContext,
    mut checkpoint: Checkpoint,
    asked: Asked,
    ask: Ask,
    told: Option<i64>,
) -> Result<Next, WorkError> {
    let total = match told.filter(|total| *total > 0) {
        None => count_anew(context, asked, ask).await?,
        told => told,
    };
    let Some(total) = total else {
        tracing::warn!(store.id = %context.store, resource = %ask.resource, listing = ask.listing, "empty list is not believed");
        metrics::counter!("storewire_listings_doubted_total").increment(1);
        if ask.page == 1 {
            // The other listings are read meanwhile; this one is tried in the next round, from where it stands.
            walk::abandon(&mut checkpoint);
            return save_only(context, &checkpoint).await;
        }
        return Ok(Next::In(jittered(context.shared.config.retry.delay(4, 1.0))));
    };
    walk::after_empty(&mut checkpoint, asked, total, context.now());
    save_only(context, &checkpoint).await
}

/// How many rows there are where a page showed none; `None` if that is not to be believed. The store may have been mended between two
/// questions, so its silence counts only if it lasts after it has proven that it lists well.
async fn count_anew(context: &StoreContext, asked: Asked, ask: Ask) -> Result<Option<i64>, WorkError> {
    let count = async || listing::count(context, ask.resource, ask.listing, ask.window).await;
    let mut counted = count().await?.unwrap_or(0);
    if counted == 0 {
        if !is_listing_well(context, ask).await? {
            return Ok(None);
        }
        counted = count().await?.unwrap_or(0);
    }
    Ok((!walk::is_contradicted(asked, counted)).then_some(counted))
}

/// Whether the listing shows anything at all, or we hold nothing of it either.
async fn is_listing_well(context: &StoreContext, ask: Ask) -> Result<bool, WorkError> {
    if listing::count(context, ask.resource, ask.listing, None).await?.unwrap_or(0) > 0 {
        return Ok(true);
    }
    let all = sweeps::Stretch { after: -1, up_to: i64::MAX };
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = sweeps::held(&tx, context.store, ask.resource, ask.listing, all, 1).await?;
    tx.commit().await?;
    Ok(held.is_empty())
}
