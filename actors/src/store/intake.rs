//! Applies waiting deliveries: decoded leniently, folded by record, compared, stored; what is in doubt is asked about later.

mod place;
pub(super) mod sort;
mod weather;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storewire_db::{
    TenantTx,
    diary::{self, NewEntry},
    inbox::{self, Delivery, Verdict},
    rechecks::NewRecheck,
    stores,
};
use storewire_domain::Source;

use self::sort::{Rules, Sorted, sort};
pub(crate) use self::{place::Place, sort::quarantine_reason};
use super::{
    compare::{Incoming, Plan, compare_within},
    context::StoreContext,
    decide::Trust,
    duty::{Duty, Next},
    early,
    follow::wish_at,
    judge::WorkError,
    keep::{Along, Keeping},
    news::store_changed,
    outbox::name_echoes,
    record::Key,
    source::Places,
};
use crate::failpoint;

/// A copy of the site that delivers to us is told of once in this time.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Applies one batch. Nothing is asked of the store here: what only it can tell becomes a recheck.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let desk = context.desk().await;
    let mut tx = context.write().await?;
    let (limit, reach) = (context.shared.config.inbox_batch, context.mail_place().reach(context.now()));
    let waiting = Waiting::of(inbox::pending(&tx, context.store, limit, reach.after, reach.times).await?, limit);
    if waiting.batch.is_empty() {
        drop(tx);
        context.mail_place().handled_all(reach, context.now());
        context.trust_mail();
        return rest(context).await;
    }
    // Whatever ended an actor, or was refused, still waits: until all of that is done, each attempt is counted before it is made.
    let counts = !context.trusts_mail();
    if counts {
        inbox::count_attempt(&tx, &waiting.batch).await?;
        tx.commit().await?;
        tx = context.write().await?;
    }
    failpoint!("store.before_apply", context.store);

    match apply(context, Keeping::within(context, &desk, tx), &waiting.batch).await {
        Ok(()) if waiting.has_more => {
            if let Some(last) = waiting.batch.last().filter(|_| waiting.is_first_of_all) {
                context.mail_place().handled_up_to(last.id);
            }
            Ok(Next::Now)
        }
        Ok(()) => {
            context.mail_place().handled_all(reach, context.now());
            context.trust_mail();
            rest(context).await
        }
        // What the database refuses once it refuses always: fewer are tried together each time, and the one at fault is set aside in the end.
        Err(WorkError::Db(error)) if error.is_refusal() => {
            context.distrust_mail();
            Err(error.into())
        }
        Err(error) => {
            if counts {
                // Counted attempts are for what is at fault itself; any other failure takes its count back.
                let tx = context.write().await?;
                inbox::uncount_attempt(&tx, &waiting.batch).await?;
                tx.commit().await?;
            }
            Err(error)
        }
    }
}

/// The mail to be applied next.
pub(crate) struct Waiting {
    pub(crate) batch: Vec<Delivery>,
    /// Cut by number or by size, or because some of it was tried before: there may be more.
    pub(crate) has_more: bool,
    /// Nothing that was found waits before the last of the batch.
    is_first_of_all: bool,
}

impl Waiting {
    /// What to apply of the oldest deliveries. Pure.
    pub(crate) fn of(mut batch: Vec<Delivery>, limit: u32) -> Self {
        let bytes: usize = batch.iter().map(|delivery| delivery.body.len()).sum();
        let is_full = batch.len() >= limit as usize || bytes > inbox::BATCH_BYTES / 2;
        let tries = batch.first().map_or(0, |first| first.attempts);
        let found = batch.len();
        batch.retain(|delivery| delivery.attempts == tries);
        let is_first_of_all = batch.len() == found;
        batch.truncate(together(limit, tries));
        Self { has_more: is_full || batch.len() < found, is_first_of_all, batch }
    }
}

/// How many deliveries are tried together that were tried so often before: an eighth with each try, in the end one alone. Whatever ends the
/// actor takes ever fewer neighbours along, and what a kill left behind is still applied many at a time.
fn together(limit: u32, tries: i16) -> usize {
    let shrunk = limit.checked_shr(3 * u32::from(tries.unsigned_abs())).unwrap_or(0);
    usize::try_from(shrunk).unwrap_or(usize::MAX).max(1)
}

/// Nothing waits. A storm that goes on is looked at again.
async fn rest(context: &StoreContext) -> Result<Next, WorkError> {
    Ok(weather::clear(context).await?.map_or(Next::Nudged, Next::In))
}

async fn apply(context: &StoreContext, keeping: Keeping<'_>, batch: &[Delivery]) -> Result<(), WorkError> {
    let places = places(keeping.tx(), context, batch).await?;
    let mut sorted = sort(&Rules::of(context), &places, batch);
    let (incoming, doubtful) = versions(&sorted);
    let mut plan = compare_within(keeping.tx(), context, incoming).await?;
    plan.ask.extend(doubtful);
    early::doubt_ended(keeping.tx(), context, &mut plan).await?;
    let newest = sorted.records.iter().filter_map(|(key, record)| Some((key, record.newest.as_ref()?)));
    name_echoes(keeping.tx(), context, &mut plan, newest).await?;
    decide(&plan, &mut sorted);
    store(context, keeping, batch, &plan, sorted).await
}

/// The places that the store delivers from. Those that a person accepted are read only when a delivery needs them.
async fn places(tx: &TenantTx, context: &StoreContext, batch: &[Delivery]) -> Result<Places, WorkError> {
    let home = Places::new(&context.home_url, []);
    if batch.iter().all(|delivery| home.stranger(&delivery.source).is_none()) {
        return Ok(home);
    }
    let accepted = stores::known_sources(tx, context.store).await?;
    Ok(Places::new(&context.home_url, accepted.iter().map(String::as_str)))
}

/// The newest version of each record that deliveries tell of, and the records of which only the store can tell. Pure.
pub(crate) fn versions(sorted: &Sorted<'_>) -> (Vec<Incoming>, Vec<(Key, Source)>) {
    let (mut incoming, mut doubtful) = (Vec::new(), Vec::new());
    for (key, record) in &sorted.records {
        match &record.newest {
            Some(newest) if !record.is_doubtful => incoming.push(Incoming {
                record: newest.clone(),
                trust: Trust::Hint(record.received_at),
                source: Source::Webhook,
                received_at: record.received_at,
            }),
            _ => doubtful.push((key.clone(), Source::Webhook)),
        }
    }
    (incoming, doubtful)
}

/// What the store is to be asked about these deliveries. Pure.
pub(crate) fn asked(plan: &Plan, sorted: &mut Sorted<'_>, now: Timestamp) -> Vec<NewRecheck> {
    let received_at = |key: &Key| sorted.records.get(key).map(|record| record.received_at);
    let wish = |(key, source): &(Key, Source)| NewRecheck {
        received_at: received_at(key),
        ..wish_at(now, key, key.0.into(), "doubtful", *source)
    };
    let mut wishes: Vec<NewRecheck> = plan.ask.iter().map(wish).collect();
    wishes.append(&mut sorted.rechecks);
    wishes
}

/// Says of each delivery what became of it, by what is to become of its record. Pure.
pub(crate) fn decide(plan: &Plan, sorted: &mut Sorted<'_>) {
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
    mut keeping: Keeping<'_>,
    batch: &[Delivery],
    plan: &Plan,
    mut sorted: Sorted<'_>,
) -> Result<(), WorkError> {
    let along = Along {
        rechecks: asked(plan, &mut sorted, context.now()),
        verdicts: verdicts(batch, sorted.verdicts),
        last_webhook_at: batch.iter().map(|delivery| delivery.received_at).max(),
        dead: sorted.dead,
        ..Along::default()
    };
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

/// What became of each delivery of a batch, as it is marked.
pub(crate) fn verdicts(
    batch: &[Delivery],
    verdicts: Vec<Option<Verdict>>,
) -> Vec<(storewire_domain::DeliveryId, Timestamp, Verdict)> {
    let decided = batch.iter().zip(verdicts);
    decided.filter_map(|(delivery, verdict)| Some((delivery.id, delivery.received_at, verdict?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_tried_often_is_tried_alone() {
        let of_two_hundred: Vec<usize> = (0..6).map(|tries| together(200, tries)).collect();
        assert_eq!(of_two_hundred, [200, 25, 3, 1, 1, 1]);
        assert_eq!((together(1, 0), together(u32::MAX, i16::MAX)), (1, 1));
    }
}
