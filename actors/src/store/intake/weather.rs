//! Storms as people are told of them: an entry and an alert when one begins, an entry with a verdict when it is over.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{
    DbError, TenantTx, alerts, changes,
    diary::{self, NewEntry},
    rechecks::RecheckKind,
};

use super::super::{
    context::StoreContext,
    judge::WorkError,
    news::store_changed,
    record::Key,
    storm::{Limits, Over},
};

/// A storm that has just begun.
pub(crate) struct Rising {
    pub(super) key: Key,
    pub(super) deliveries: usize,
}

/// What makes a storm, by configuration.
pub(super) fn limits(context: &StoreContext) -> Limits {
    let config = &context.shared.config;
    Limits { deliveries: config.storm_limit.max(1), window: config.storm_window }
}

/// Tells of a storm in the transaction that noticed it.
pub(super) async fn announce(
    tx: &TenantTx,
    context: &StoreContext,
    rising: &Rising,
    now: Timestamp,
) -> Result<(), DbError> {
    let Rising { key: (noun, id), deliveries } = rising;
    tracing::warn!(store.id = %context.store, record = %id, deliveries, "record is updated in a loop");
    let detail = json!({
        "record": RecheckKind::from(*noun).as_str(),
        "remote_id": id.as_str(),
        "deliveries": deliveries,
        "seconds": context.shared.config.storm_window.as_secs(),
    });
    alerts::raise(tx, context.store, alerts::kind::STORM, &detail, now).await?;
    diary::write(tx, context.store, &NewEntry::of_engine("storm", detail), now).await
}

/// Tells of the storms that are over. Answers when to look again, if any goes on.
pub(super) async fn clear(context: &StoreContext) -> Result<Option<Duration>, WorkError> {
    let now = context.now();
    let window = context.shared.config.storm_window;
    let (over, is_stormy, is_first_look) = match context.storms.lock() {
        Ok(mut storms) => {
            let is_first_look = !std::mem::replace(&mut storms.has_looked_back, true);
            (storms.take_over(window, now), storms.is_stormy(), is_first_look)
        }
        Err(_) => return Ok(None),
    };
    // An earlier actor may have raised the alert and lost count since.
    if !over.is_empty() || is_first_look {
        let tx = context.write().await?;
        for storm in &over {
            diary::write(&tx, context.store, &NewEntry::of_engine("storm_over", told(storm)), now).await?;
        }
        if !is_stormy && alerts::end(&tx, context.store, alerts::kind::STORM, now).await? {
            changes::append_one(&tx, context.store, store_changed(context.store), now).await?;
        }
        tx.commit().await?;
        context.shared.feed.send();
    }
    Ok(is_stormy.then_some(window))
}

fn told(storm: &Over) -> serde_json::Value {
    let (noun, id) = &storm.key;
    json!({
        "record": RecheckKind::from(*noun).as_str(),
        "remote_id": id.as_str(),
        "saves": storm.saves,
        "seconds": storm.seconds,
        // The panel's advice differs: a loop that changes nothing is a plugin's, or that of WooCommerce's order storage.
        "verdict": if storm.has_changed { "changed" } else { "unchanged" },
    })
}
