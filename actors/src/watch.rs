//! Watches over all stores, whatever their actors do: raises an alert when one needs people, and ends it when it does not any more.
//!
//! It looks at the rows on its tick and keeps nothing in memory; any node may do it, and two that do it tell everything once.

use std::collections::BTreeMap;

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, WrapFuture};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storewire_db::{
    Db, DbError,
    alerts::{self, Alert, kind},
    changes,
    diary::{self, NewEntry},
    stores::{self, Watched},
};
use storewire_domain::{StoreId, StoreState};
use tokio::runtime::Handle;

use crate::store::{Shared, store_changed};

/// End; the engine stops.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Stop;

/// See the module.
pub(crate) struct Watch {
    shared: Shared,
    engine: Handle,
    is_looking: bool,
}

impl Watch {
    pub(crate) const fn new(shared: Shared, engine: Handle) -> Self {
        Self { shared, engine, is_looking: false }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.is_looking, true) {
            return;
        }
        let looked = self.engine.spawn(look(self.shared.clone()));
        ctx.spawn(looked.into_actor(self).map(|outcome, this, _| {
            this.is_looking = false;
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the watch could not look at its stores"),
                Err(error) => tracing::error!(%error, "the watch's look ended"),
            }
        }));
    }
}

impl Actor for Watch {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(self.shared.config.watch_interval, Self::look);
    }
}

impl Handler<Stop> for Watch {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        ctx.stop();
    }
}

async fn look(shared: Shared) -> Result<(), DbError> {
    let now = shared.clock.now();
    let (stores, open) = read(&shared.db).await?;
    let mut of_store: BTreeMap<StoreId, Vec<&Alert>> = BTreeMap::new();
    for alert in &open {
        of_store.entry(alert.store_id).or_default().push(alert);
    }
    let mut has_changed = false;
    for store in &stores {
        let open = of_store.remove(&store.id).unwrap_or_default();
        has_changed |= settle(&shared.db, store, &open, now).await?;
    }
    if has_changed {
        shared.feed.send();
    }
    measure(&stores, now);
    Ok(())
}

async fn read(db: &Db) -> Result<(Vec<Watched>, Vec<Alert>), DbError> {
    let tx = db.platform().await?;
    let found = (stores::watched(&tx).await?, alerts::open(&tx).await?);
    tx.commit().await?;
    Ok(found)
}

/// Brings a store's alerts in line with how it stands; answers whether anything changed.
async fn settle(db: &Db, store: &Watched, open: &[&Alert], now: Timestamp) -> Result<bool, DbError> {
    let wanted = conditions(store, now);
    let is_open = |kind: &str, detail: &Value| open.iter().any(|alert| alert.kind == kind && alert.detail == *detail);
    let raised: Vec<_> = wanted.iter().filter(|(kind, detail)| !is_open(kind, detail)).collect();
    let over: Vec<_> = open.iter().filter(|alert| is_over(alert, store, &wanted)).collect();
    if raised.is_empty() && over.is_empty() {
        return Ok(false);
    }
    let tx = db.tenant(store.tenant_id).await?;
    let mut has_changed = false;
    for (kind, detail) in raised {
        if alerts::raise(&tx, store.id, kind, detail, now).await? {
            has_changed = true;
            tracing::warn!(store.id = %store.id, alert = kind, %detail, "store needs people");
            if *kind == kind::STALE {
                let minutes = store.lag(now).as_mins();
                let detail = json!({ "minutes": minutes, "goal_minutes": store.freshness_goal.as_secs().div_ceil(60) });
                diary::write(&tx, store.id, &NewEntry::of_engine("stale", detail), now).await?;
            }
        }
    }
    for alert in over {
        if alerts::end(&tx, store.id, &alert.kind, now).await? {
            has_changed = true;
            if alert.kind == kind::STALE {
                let minutes = now.duration_since(alert.since).as_mins();
                let entry = NewEntry::of_engine("fresh_again", json!({ "minutes": minutes }));
                diary::write(&tx, store.id, &entry, now).await?;
            }
        }
    }
    if has_changed {
        changes::append_one(&tx, store.id, store_changed(store.id), now).await?;
    }
    tx.commit().await?;
    Ok(has_changed)
}

/// The alerts that a store should have open. A storm is raised and ended by the store's actor.
fn conditions(store: &Watched, now: Timestamp) -> Vec<(&'static str, Value)> {
    let reason = store.state_reason.as_deref();
    let mut wanted = Vec::new();
    if store.is_stale(now) {
        wanted.push((kind::STALE, json!({ "as_of": store.as_of, "goal_s": store.freshness_goal.as_secs() })));
    }
    match store.state {
        StoreState::NeedsAttention => wanted.push((kind::NEEDS_ATTENTION, json!({ "reason": reason }))),
        StoreState::Parked => wanted.push((kind::PARKED, json!({ "reason": reason }))),
        _ if matches!(reason, Some("hooks_refused" | "webhook_owner" | "webhooks_silent")) => {
            wanted.push((kind::WEBHOOKS, json!({ "reason": reason })));
        }
        _ if store.has_webhook_gap => wanted.push((kind::WEBHOOKS, json!({ "reason": "webhook_gap" }))),
        _ => {}
    }
    if store.other_letters > 0 {
        wanted.push((kind::DEAD_LETTERS, json!({ "count": store.other_letters })));
    }
    if store.foreign_letters > 0 {
        wanted.push((kind::CLONE, json!({ "count": store.foreign_letters })));
    }
    wanted
}

fn is_over(alert: &Alert, store: &Watched, wanted: &[(&'static str, Value)]) -> bool {
    if alert.kind == kind::STORM {
        // Nobody counts the deliveries of a store that is left alone.
        return matches!(store.state, StoreState::Paused | StoreState::Parked);
    }
    !wanted.iter().any(|(kind, _)| *kind == alert.kind)
}

/// The oldest numbers of any store, and how many stores are outside their goals.
#[expect(clippy::cast_precision_loss, reason = "metrics")]
fn measure(stores: &[Watched], now: Timestamp) {
    let lag = stores.iter().map(|store| store.lag(now)).max().unwrap_or(SignedDuration::ZERO);
    metrics::gauge!("storewire_store_lag_seconds").set(lag.as_secs_f64());
    metrics::gauge!("storewire_stores_stale").set(stores.iter().filter(|store| store.is_stale(now)).count() as f64);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storewire_domain::TenantId;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn sound() -> Watched {
        Watched {
            tenant_id: TenantId::fresh(),
            id: StoreId::fresh(),
            state: StoreState::Live,
            state_reason: None,
            as_of: Some(at(0)),
            freshness_goal: Duration::from_secs(900),
            foreign_letters: 0,
            other_letters: 0,
            has_webhook_gap: false,
        }
    }

    fn kinds(store: &Watched, now: Timestamp) -> Vec<&'static str> {
        conditions(store, now).into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn a_store_within_its_goal_needs_nobody() {
        assert_eq!(kinds(&sound(), at(900)), [""; 0]);
        assert_eq!(kinds(&sound(), at(901)), [kind::STALE]);
    }

    #[test]
    fn a_store_that_nobody_reads_has_no_goal() {
        for store in [
            Watched { state: StoreState::Paused, ..sound() },
            Watched { state: StoreState::Importing, ..sound() },
            Watched { as_of: None, ..sound() },
        ] {
            assert_eq!(kinds(&store, at(86_400)), [""; 0], "{store:?}");
        }
    }

    #[test]
    fn each_trouble_has_its_alert() {
        let reason = |text: &str| Some(text.to_owned());
        let asks = Watched { state: StoreState::NeedsAttention, state_reason: reason("auth_rejected"), ..sound() };
        assert_eq!(conditions(&asks, at(1)), [(kind::NEEDS_ATTENTION, json!({ "reason": "auth_rejected" }))]);
        assert_eq!(kinds(&Watched { state: StoreState::Parked, ..sound() }, at(1)), [kind::PARKED]);
        assert_eq!(kinds(&Watched { state_reason: reason("webhook_owner"), ..sound() }, at(1)), [kind::WEBHOOKS]);
        assert_eq!(kinds(&Watched { state_reason: reason("dirty"), ..sound() }, at(1)), [""; 0]);
        assert_eq!(kinds(&Watched { has_webhook_gap: true, ..sound() }, at(1)), [kind::WEBHOOKS]);
        let letters = Watched { foreign_letters: 2, other_letters: 1, ..sound() };
        assert_eq!(kinds(&letters, at(1)), [kind::DEAD_LETTERS, kind::CLONE]);
    }

    #[test]
    fn a_storm_is_left_to_the_stores_actor() {
        let storm = Alert {
            tenant_id: TenantId::fresh(),
            store_id: StoreId::fresh(),
            store_name: String::new(),
            kind: kind::STORM.to_owned(),
            since: at(0),
            detail: json!({}),
        };
        assert!(!is_over(&storm, &sound(), &[]));
        assert!(is_over(&storm, &Watched { state: StoreState::Paused, ..sound() }, &[]));
    }
}
