//! Finds a lost way to a store again, once, before people are asked: how it takes its keys, or where its REST root is.

use storewire_db::standing::{self, Reach};
use storewire_woo::WooError;

use super::{
    context::StoreContext,
    duty::{Duty, Next},
    judge::{Lost, WorkError},
    pace::is_resting,
};

/// Looks for what is lost and keeps what is found. What fails here is the failure that people are shown.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let lost = context.lost.lock().ok().and_then(|lost| *lost);
    let Some(lost) = lost else { return Ok(Next::Nudged) };
    let found = match look_for(context, lost).await {
        // Nothing was told: it is looked for again, as soon as the store may be asked.
        Err(error) if is_resting(&error) || error.is_retryable() => return Err(error.into()),
        Err(error) => {
            forget(context);
            return Err(error.into());
        }
        Ok(found) => found,
    };
    if found != context.reach {
        tracing::info!(store.id = %context.store, auth = found.auth.as_str(), "another way to a store was found");
        let tx = context.write().await?;
        standing::save_reach(&tx, context.store, &found, context.now()).await?;
        tx.commit().await?;
        context.outdate();
    }
    // Not before it is kept: what was found and not written down is looked for again.
    forget(context);
    context.wake(Duty::Pull);
    Ok(Next::Nudged)
}

fn forget(context: &StoreContext) {
    if let Ok(mut lost) = context.lost.lock() {
        *lost = None;
    }
}

async fn look_for(context: &StoreContext, lost: Lost) -> Result<Reach, WooError> {
    let known = context.reach.clone();
    Ok(match lost {
        // Every rung of the ladder is a request; they are made in one turn, because nothing else can be asked meanwhile.
        Lost::Auth => Reach { auth: context.call_uncounted(context.client.find_auth()).await?, ..known },
        // The host is the one that was connected; only the path below it may have changed.
        Lost::Root => {
            let found = context.call_uncounted(context.client.rediscover()).await?;
            Reach { rest_root: found.rest_root.to_string(), ..known }
        }
    })
}
