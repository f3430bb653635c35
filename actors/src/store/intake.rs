//! Applies waiting deliveries: decoded leniently, folded by record, compared, stored; what is in doubt is asked about later.

mod sort;
mod weather;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storewire_db::{
    diary::{self, NewEntry},
    inbox::{self, Delivery, Verdict},
    rechecks::NewRecheck,
    stores,
};
use storewire_domain::Source;

pub(crate) use self::sort::quarantine_reason;
use self::sort::{Sorted, sort};
use super::{
    compare::{Incoming, Plan, compare},
    context::{Desk, StoreContext},
    decide::Trust,
    duty::{Duty, Next},
    early,
    follow::wish,
    judge::WorkError,
    keep::{Along, Keeping},
    news::store_changed,
    outbox::name_echoes,
    source::Places,
};
use crate::failpoint;

/// A copy of the site that delivers to us is told of once in this time.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Applies one batch. Nothing is asked of the store here: what only it can tell becomes a recheck.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let desk = context.desk().await;
    let limit = context.shared.config.inbox_batch;
    let tx = context.write().await?;
    let mut batch = inbox::pending(&tx, context.store, limit).await?;
    let bytes: usize = batch.iter().map(|delivery| delivery.body.len()).sum();
    // Cut by number or by size: there may be more.
    let is_full = batch.len() >= limit as usize || bytes > inbox::BATCH_BYTES / 2;
    // What was tried before is tried alone: whatever ends the actor must not take its neighbours along.
    let has_retry = batch.first().is_some_and(|first| first.attempts > 0);
    if has_retry {
        batch.truncate(1);
    } else {
        batch.retain(|delivery| delivery.attempts == 0);
    }
    if batch.is_empty() {
        tx.commit().await?;
        return rest(context).await;
    }
    inbox::count_attempt(&tx, &batch).await?;
    tx.commit().await?;
    failpoint!("store.before_apply", context.store);

    match apply(context, &desk, &batch).await {
        Ok(()) if is_full || has_retry => Ok(Next::Now),
        Ok(()) => rest(context).await,
        // What the database refuses once it refuses always: each is tried alone from now on, and the one at fault set aside in the end.
        Err(WorkError::Db(error)) if error.is_refusal() => Err(error.into()),
        Err(error) => {
            // Counted attempts are for what is at fault itself; any other failure takes its count back.
            let tx = context.write().await?;
            inbox::uncount_attempt(&tx, &batch).await?;
            tx.commit().await?;
            Err(error)
        }
    }
}

/// Nothing waits. A storm that goes on is looked at again.
async fn rest(context: &StoreContext) -> Result<Next, WorkError> {
    Ok(weather::clear(context).await?.map_or(Next::Nudged, Next::In))
}

async fn apply(context: &StoreContext, desk: &Desk<'_>, batch: &[Delivery]) -> Result<(), WorkError> {
    let places = places(context, batch).await?;
    let mut sorted = sort(context, &places, batch);
    let mut incoming = Vec::new();
    let mut doubtful = Vec::new();
    for (key, record) in &sorted.records {
        match &record.newest {
            Some(newest) if !record.is_doubtful => incoming.push(Incoming {
                record: newest.clone(),
                trust: Trust::Hint,
                source: Source::Webhook,
                received_at: record.received_at,
            }),
            _ => doubtful.push(key.clone()),
        }
    }
    let mut plan = compare(context, desk, incoming).await?;
    plan.ask.extend(doubtful.into_iter().map(|key| (key, Source::Webhook)));
    early::doubt_ended(context, &mut plan).await?;
    let newest = sorted.records.iter().filter_map(|(key, record)| Some((key, record.newest.as_ref()?)));
    name_echoes(context, &mut plan, newest).await?;
    decide(&plan, &mut sorted);
    store(context, desk, batch, &plan, sorted).await
}

/// The places that the store delivers from. Those that a person accepted are read only when a delivery needs them.
async fn places(context: &StoreContext, batch: &[Delivery]) -> Result<Places, WorkError> {
    let home = Places::new(&context.home_url, []);
    if batch.iter().all(|delivery| home.stranger(&delivery.source).is_none()) {
        return Ok(home);
    }
    let tx = context.shared.db.tenant(context.tenant).await?;
    let accepted = stores::known_sources(&tx, context.store).await?;
    tx.commit().await?;
    Ok(Places::new(&context.home_url, accepted.iter().map(String::as_str)))
}

/// Says of each delivery what became of it, by what is to become of its record.
fn decide(plan: &Plan, sorted: &mut Sorted<'_>) {
    let verdicts: Vec<(usize, Verdict)> = sorted
        .records
        .iter()
        .flat_map(|(key, record)| {
            let is_asked = plan.ask.iter().any(|(asked, _)| asked == key);
            let verdict = match plan.ignored.get(key) {
                Some(reason) => Verdict::Ignored(reason),
                None if is_asked => Verdict::Ignored("asked"),
                None => Verdict::Applied,
            };
            record.deliveries.iter().map(move |index| (*index, verdict.clone()))
        })
        .collect();
    for (index, verdict) in verdicts {
        sorted.decide(index, verdict);
    }
}

/// Commits what a batch came to.
async fn store(
    context: &StoreContext,
    desk: &Desk<'_>,
    batch: &[Delivery],
    plan: &Plan,
    sorted: Sorted<'_>,
) -> Result<(), WorkError> {
    let asked = plan.ask.iter().map(|(key, source)| {
        let received_at = sorted.records.get(key).map(|record| record.received_at);
        NewRecheck { received_at, ..wish(context, key, key.0.into(), "doubtful", *source) }
    });
    let along = Along {
        rechecks: asked.chain(sorted.rechecks).collect(),
        verdicts: verdicts(batch, sorted.verdicts),
        last_webhook_at: batch.iter().map(|delivery| delivery.received_at).max(),
        dead: sorted.dead,
        ..Along::default()
    };
    let mut keeping = Keeping::open(context, desk).await?;
    let now = keeping.now();
    keeping.write(plan, along).await?;
    for rising in &sorted.rising {
        weather::announce(keeping.tx(), context, rising, now).await?;
    }
    for place in &sorted.strangers {
        let detail = json!({ "source": place });
        let since = now.saturating_sub(DAY).unwrap_or(now);
        let entry = NewEntry::of_engine("clone_suspected", detail.clone());
        diary::write_once(keeping.tx(), context.store, &entry, &detail, since, now).await?;
    }
    if !sorted.rising.is_empty() || !sorted.strangers.is_empty() {
        keeping.log(store_changed(context.store));
    }
    keeping.commit().await?;
    if sorted.has_lost_owner {
        context.wake(Duty::Hooks);
    }
    Ok(())
}

fn verdicts(
    batch: &[Delivery],
    verdicts: Vec<Option<Verdict>>,
) -> Vec<(storewire_domain::DeliveryId, Timestamp, Verdict)> {
    let decided = batch.iter().zip(verdicts);
    decided.filter_map(|(delivery, verdict)| Some((delivery.id, delivery.received_at, verdict?))).collect()
}
