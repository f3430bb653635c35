//! Notices that webhooks which are in order do not come: pulls find order after order that no delivery told of.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storewire_db::{
    diary::{self, NewEntry},
    stores,
};

use super::{
    super::{context::StoreContext, judge::WorkError},
    standing::Standing,
};

/// Orders that pulls found in a row since the last delivery. A pull may well be the first to see one or two.
const SUSPICIOUS: i64 = 5;

/// How many orders came to light since the last delivery, if deliveries should have come by now. Where webhooks are known to be out of
/// order, their silence is no news.
pub(super) async fn missed_orders(context: &StoreContext, standing: &Standing) -> Result<Option<i64>, WorkError> {
    let Some(since) = heard_at(standing).filter(|_| standing.gap.is_none()) else { return Ok(None) };
    let tx = context.shared.db.tenant(context.tenant).await?;
    let unannounced = stores::unannounced_orders(&tx, context.store, since).await?;
    tx.commit().await?;
    // A store may work its queue off once a minute only, so the first of them is given a whole interval to be told of.
    let patience = SignedDuration::try_from(context.shared.config.pull_interval).unwrap_or(SignedDuration::MAX);
    let is_over = unannounced.first_at.is_some_and(|at| context.now().duration_since(at) >= patience);
    Ok((unannounced.orders >= SUSPICIOUS && is_over).then_some(unannounced.orders))
}

/// Tells it once per silence.
pub(super) async fn tell(context: &StoreContext, standing: &Standing, orders: i64) -> Result<(), WorkError> {
    let (Some(since), now) = (heard_at(standing), context.now()) else { return Ok(()) };
    let minutes = now.duration_since(since).as_secs() / 60;
    let entry = NewEntry::of_engine("webhooks_missed", json!({ "orders": orders, "minutes": minutes }));
    let tx = context.write().await?;
    diary::write_once(&tx, context.store, &entry, &json!({}), since, now).await?;
    Ok(tx.commit().await?)
}

/// When a delivery last came, or could first have come.
fn heard_at(standing: &Standing) -> Option<Timestamp> {
    let registered_at = standing.known.iter().map(|hook| hook.registered_at).max()?;
    Some(standing.signs.last_webhook_at.map_or(registered_at, |at| at.max(registered_at)))
}
