//! Asks the store about single records: what was in doubt, announced as deleted, missing from a listing, or not carried by one.
//!
//! A record that the store cannot show holds up none of its neighbours: it is tried again later, and set aside in the end.

mod ask;
pub(super) mod blame;
pub(super) mod fate;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    changes::NewChange,
    dead_letters::NewDeadLetter,
    drifts, orders, products,
    rechecks::{self, NewRecheck, Recheck, RecheckKind},
};
use storewire_domain::{ChangeKind, DriftOutcome, OrderId, RemoteId, Resource};
use storewire_woo::Poison;

pub(super) use self::ask::{is_there, read_variations};
use self::{
    ask::{Answer, ask},
    fate::{Fate, again, fate},
};
use super::{
    compare::{Incoming, Plan, compare, holdings},
    context::{Desk, StoreContext},
    decide::Trust,
    duty::Next,
    follow::wish,
    judge::WorkError,
    keep::{Along, Keeping},
    listing::undecodable,
    pull::jittered,
    record::{Key, Noun},
};
use crate::failpoint;

/// Asks about the record that is due first. When the next one is due, this one again or another, the next look at the rows tells.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let first = rechecks::first_due(&tx, context.store, context.now()).await?;
    tx.commit().await?;
    // A nudge can be lost, and a clock be set back: the rows are looked at now and then, whoever says so.
    let poll = jittered(context.shared.config.pull_interval);
    let Some(wanted) = first else { return Ok(Next::In(poll)) };
    if let Some(wait) = wait_for(wanted.due_at, context.now()) {
        return Ok(Next::In(wait.min(poll)));
    }
    failpoint!("store.before_recheck", context.store);
    let asked_at = context.now();
    match ask(context, &wanted).await {
        Ok(answer) => match left_out(context, &wanted, &answer).await? {
            Some(why) => blame::put_off(context, &wanted, "unreadable", &why).await?,
            None => match store(context, &wanted, asked_at, answer).await {
                Err(WorkError::Db(error)) if error.is_refusal() => {
                    blame::put_off(context, &wanted, "crashed", &error).await?
                }
                stored => stored?,
            },
        },
        Err(error) => blame::blame(context, &wanted, error).await?,
    }
    Ok(Next::Now)
}

/// How long it is until something is due; `None` if it is.
pub(super) fn wait_for(due_at: Timestamp, now: Timestamp) -> Option<std::time::Duration> {
    let wait = due_at.duration_since(now);
    (wait > SignedDuration::ZERO).then(|| wait.unsigned_abs())
}

/// What an answer leaves out although it must be there: a store whose query fails lists nothing, and calls that a success.
async fn left_out(context: &StoreContext, wanted: &Recheck, answer: &Answer) -> Result<Option<String>, WorkError> {
    let Answer::Refunds { listed, poison } = answer else { return Ok(None) };
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = orders::versions(&tx, context.store, &[&wanted.remote_id]).await?.remove(&wanted.remote_id);
    tx.commit().await?;
    let is_told = |id: &str| {
        let is_poison = |bad: &Poison| bad.remote_id.as_ref().is_none_or(|of| of.as_str() == id);
        listed.iter().any(|refund| refund.remote_id.as_str() == id) || poison.iter().any(is_poison)
    };
    let mut named = held.into_iter().flat_map(|held| held.refunds);
    let lacking = named.find(|(id, is_whole)| !is_whole && !is_told(id));
    Ok(lacking.map(|(id, _)| format!("refund {id} is not in the list of its order")))
}

/// Stores an answer together with the end of its wish.
async fn store(context: &StoreContext, wanted: &Recheck, asked_at: Timestamp, answer: Answer) -> Result<(), WorkError> {
    if let Answer::Gone(_) = &answer {
        // A broken route says 404 too: a control request proves that the store answers at all.
        context.ping().await?;
    }
    let received_at = wanted.received_at.unwrap_or(asked_at);
    let asked = |record| Incoming { record, trust: Trust::Asked(asked_at), source: wanted.source, received_at };
    let desk = context.desk().await;
    let mut along = Along { settled: vec![wanted.clone()], ..Along::default() };
    let mut plan = Plan::default();
    let mut refunds = None;
    let mut outcome = None;
    match answer {
        Answer::Record(record) => {
            plan = compare(context, &desk, vec![asked(record)]).await?;
            outcome = outcome_of(&plan);
        }
        Answer::Variations { listed, poison } => {
            let mut known: Vec<RemoteId> = listed.iter().map(|record| record.key().1).collect();
            known.extend(poison.iter().filter_map(|bad| bad.remote_id.clone()));
            along.rechecks = orphans(context, wanted, &known).await?;
            along.dead = poison
                .into_iter()
                .map(|bad| undecodable(context.store, Resource::Variations, bad, received_at))
                .collect();
            plan = compare(context, &desk, listed.into_iter().map(asked).collect()).await?;
        }
        Answer::Refunds { listed, poison } => {
            along.dead = poison.into_iter().map(|bad| refund_letter(context, wanted, bad, received_at)).collect();
            refunds = Some(listed);
        }
        Answer::Gone(key) => outcome = bury(context, &desk, wanted, asked_at, key, &mut plan, &mut along).await?,
    }
    // What changed while the store was asked is asked about once more, when it has come to rest.
    let (now, rest) = (context.now(), context.shared.config.retry.base);
    along.rechecks.extend(plan.ask.iter().map(|(key, _)| again(key, wanted, now, rest)));
    let mut keeping = Keeping::open(context, &desk).await?;
    keeping.write(&plan, along).await?;
    if let Some(refunds) = refunds {
        let filled = orders::fill_refunds(keeping.tx(), context.store, &wanted.remote_id, &refunds).await?;
        filled.into_iter().for_each(|order| keeping.log(refunds_filled(order, wanted)));
    }
    if let Some(outcome) = outcome {
        let met_in = resources_of(wanted.kind);
        drifts::settle(keeping.tx(), context.store, met_in, &wanted.remote_id, outcome, keeping.now()).await?;
    }
    keeping.commit().await
}

/// What reading a record alone meant for a difference that a walk had found. `None` while that is not known.
fn outcome_of(plan: &Plan) -> Option<DriftOutcome> {
    if !plan.ask.is_empty() {
        return None;
    }
    let is_repaired = !plan.store.is_empty() || !plan.touch.is_empty();
    Some(if is_repaired { DriftOutcome::Repaired } else { DriftOutcome::Same })
}

/// Marks what the store has no more as gone, unless word of it came while the store was asked.
async fn bury(
    context: &StoreContext,
    _desk: &Desk<'_>,
    wanted: &Recheck,
    asked_at: Timestamp,
    key: Key,
    plan: &mut Plan,
    along: &mut Along<'_>,
) -> Result<Option<DriftOutcome>, WorkError> {
    let held = holdings(context, std::slice::from_ref(&key)).await?.remove(&key);
    let held = match (fate(held.as_ref(), asked_at), held) {
        (Fate::Bury, Some(held)) => held,
        (Fate::Overtaken, _) => {
            plan.ask.push((key, wanted.source));
            return Ok(None);
        }
        _ => return Ok(Some(DriftOutcome::Gone)),
    };
    if key.0 == Noun::Product {
        // A store deletes a product's variations along with it, and tells of neither.
        along.rechecks = orphans(context, wanted, &[]).await?;
    }
    let received_at = wanted.received_at.unwrap_or(asked_at);
    plan.delete.push((key, held, wanted.source, received_at));
    Ok(Some(DriftOutcome::Gone))
}

/// Variations that we hold and their parent no longer lists: each is asked about by itself before it is believed to be gone. It may have
/// been moved to another parent.
async fn orphans(context: &StoreContext, parent: &Recheck, listed: &[RemoteId]) -> Result<Vec<NewRecheck>, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = products::variations_of(&tx, context.store, &parent.remote_id).await?;
    tx.commit().await?;
    let keys = held.into_iter().filter(|id| !listed.contains(id)).map(|id| (Noun::Product, id));
    Ok(keys.map(|key| wish(context, &key, RecheckKind::Product, "absent", parent.source)).collect())
}

/// The listings in which a walk can have met a record that was asked about.
const fn resources_of(kind: RecheckKind) -> &'static [Resource] {
    match kind {
        RecheckKind::Order => &[Resource::Orders],
        RecheckKind::Product => &[Resource::Products, Resource::Variations],
        RecheckKind::Customer => &[Resource::Customers],
        RecheckKind::Coupon => &[Resource::Coupons],
        RecheckKind::Refunds | RecheckKind::Variations => &[],
    }
}

fn refunds_filled(order: OrderId, wanted: &Recheck) -> NewChange {
    NewChange {
        kind: ChangeKind::OrderUpdated,
        entity_id: order.uuid(),
        source: wanted.source,
        store_time: None,
        received_at: wanted.received_at,
        detail: BTreeMap::default(),
    }
}

fn refund_letter(
    context: &StoreContext,
    wanted: &Recheck,
    bad: Poison,
    received_at: Timestamp,
) -> NewDeadLetter<'static> {
    let reason = format!("refund of order {}: {}", wanted.remote_id, bad.reason);
    let letter = undecodable(context.store, Resource::Orders, bad, received_at);
    NewDeadLetter { remote_id: Some(wanted.remote_id.0.clone()), reason, ..letter }
}
