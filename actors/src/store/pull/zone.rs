//! The site's time zone, which its merchant may change at any time: it decides how a window must be asked for.

use std::time::{Duration, Instant};

use storewire_db::stores;

use super::{
    super::{context::StoreContext, judge::WorkError},
    round::Round,
};

/// From one look at what the store says of itself to the next.
const INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// Asks the store for its zone, once a day and once per actor. Another one is written down, and read from there.
pub(super) async fn learn(context: &StoreContext, round: &mut Round) -> Result<(), WorkError> {
    let now = Instant::now();
    if round.introduced_at.is_some_and(|at| now.duration_since(at) < INTERVAL) {
        return Ok(());
    }
    let index = context.call_uncounted(context.client.index()).await?;
    round.introduced_at = Some(now);
    let tx = context.write().await?;
    let is_new = stores::set_timezone(&tx, context.store, &index.timezone, context.now()).await?;
    tx.commit().await?;
    if is_new {
        tracing::info!(store.id = %context.store, zone = index.timezone, "store has another time zone");
        context.outdate();
    }
    Ok(())
}
