//! Applies waiting deliveries: decoded leniently, folded by record, compared, asked about where in doubt, stored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use storewire_db::{
    dead_letters::NewDeadLetter,
    inbox::{self, Delivery, Verdict},
};
use storewire_domain::{DeliveryTopic, Source};
use storewire_woo::{Delivered, delivery};

use super::{
    compare::{Incoming, Plan, compare},
    context::StoreContext,
    decide::Trust,
    early, enrich,
    judge::WorkError,
    keep::{Along, keep},
    record::{Key, Noun, Record},
};
use crate::failpoint;

/// How a run over the inbox ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing is waiting any more.
    Nothing,
    /// There may be more: look again.
    More,
}

/// Everything that waiting deliveries say about one record.
#[derive(Default)]
struct Folded {
    /// The newest snapshot.
    newest: Option<Record>,
    /// Two snapshots of one second differ, or a delete was announced: only the store knows.
    is_doubtful: bool,
    deliveries: Vec<usize>,
    received_at: Timestamp,
}

/// Applies one batch.
pub(crate) async fn apply_waiting(context: &StoreContext) -> Result<Left, WorkError> {
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
        return Ok(Left::Nothing);
    }
    inbox::count_attempt(&tx, &batch).await?;
    tx.commit().await?;
    failpoint!("store.before_apply", context.store);

    match apply(context, &batch).await {
        Ok(()) => Ok(if is_full || has_retry { Left::More } else { Left::Nothing }),
        Err(error) => {
            // Counted attempts are for what ends the actor; an orderly failure takes its count back.
            let tx = context.write().await?;
            inbox::uncount_attempt(&tx, &batch).await?;
            tx.commit().await?;
            Err(error)
        }
    }
}

async fn apply(context: &StoreContext, batch: &[Delivery]) -> Result<(), WorkError> {
    let mut verdicts: Vec<Option<Verdict>> = vec![None; batch.len()];
    let mut dead = Vec::new();
    let folded = fold(context, batch, &mut verdicts, &mut dead);

    let mut incoming = Vec::new();
    let mut doubtful = Vec::new();
    for (key, record) in &folded {
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
    let mut plan = compare(context, incoming).await?;
    doubtful.append(&mut plan.ask);
    doubtful.append(&mut early::doubt_ended(context, &mut plan).await?);
    plan.absorb(enrich::settle(context, doubtful, Source::Webhook).await?);
    let parents = enrich::stale_parents(&plan);
    plan.touch.retain(|planned| !parents.contains(&planned.incoming.record.key()));
    plan.absorb(enrich::settle(context, parents, Source::Webhook).await?);
    enrich::complete(context, &mut plan).await?;

    for (key, record) in &folded {
        let verdict = plan.ignored.get(key).map_or(Verdict::Applied, |reason| Verdict::Ignored(reason));
        for &index in &record.deliveries {
            verdicts[index] = Some(verdict.clone());
        }
    }
    received_when(&mut plan, &folded);
    let along = Along {
        verdicts: batch
            .iter()
            .zip(verdicts)
            .filter_map(|(delivery, verdict)| Some((delivery.id, delivery.received_at, verdict?)))
            .collect(),
        last_webhook_at: batch.iter().map(|delivery| delivery.received_at).max(),
        dead,
        ..Along::default()
    };
    keep(context, &plan, along).await
}

/// Sorts deliveries by the record they are about; those about none get their verdict here.
fn fold<'a>(
    context: &StoreContext,
    batch: &'a [Delivery],
    verdicts: &mut [Option<Verdict>],
    dead: &mut Vec<NewDeadLetter<'a>>,
) -> BTreeMap<Key, Folded> {
    let mut folded: BTreeMap<Key, Folded> = BTreeMap::new();
    for (index, waiting) in batch.iter().enumerate() {
        if waiting.attempts >= context.shared.config.delivery_attempts {
            bury(index, waiting, "ended its actor repeatedly", verdicts, dead);
            continue;
        }
        let Ok(topic) = waiting.topic.parse::<DeliveryTopic>() else {
            verdicts[index] = Some(Verdict::Ignored("unknown_topic"));
            continue;
        };
        let (key, record) = match delivery(&topic.resource, &waiting.body) {
            Ok(Delivered::Order(item)) => keyed(Record::Order(Box::new(item))),
            Ok(Delivered::Product(item)) => keyed(Record::Product(Box::new(item))),
            Ok(Delivered::Customer(item)) => keyed(Record::Customer(Box::new(item))),
            Ok(Delivered::Coupon(item)) => keyed(Record::Coupon(Box::new(item))),
            Ok(Delivered::IdOnly(id)) => match Noun::of_resource(&topic.resource) {
                Some(noun) => ((noun, id), None),
                None => {
                    verdicts[index] = Some(Verdict::Ignored("unknown_topic"));
                    continue;
                }
            },
            Ok(Delivered::ErrorObject { .. }) => {
                verdicts[index] = Some(Verdict::Ignored("error_object"));
                continue;
            }
            Ok(Delivered::Unknown) => {
                verdicts[index] = Some(Verdict::Ignored("unknown_topic"));
                continue;
            }
            Err(poison) => {
                bury(index, waiting, &poison.reason, verdicts, dead);
                continue;
            }
        };
        folded.entry(key).or_default().add(index, waiting, record);
    }
    folded
}

fn keyed(record: Record) -> (Key, Option<Record>) {
    (record.key(), Some(record))
}

fn bury<'a>(
    index: usize,
    waiting: &'a Delivery,
    reason: &str,
    verdicts: &mut [Option<Verdict>],
    dead: &mut Vec<NewDeadLetter<'a>>,
) {
    verdicts[index] = Some(Verdict::Dead(reason.to_owned()));
    metrics::counter!("storewire_dead_letters_total").increment(1);
    dead.push(NewDeadLetter {
        id: waiting.id.uuid(),
        origin: "delivery",
        topic: &waiting.topic,
        remote_id: None,
        reason: reason.to_owned(),
        body: waiting.body.clone(),
        received_at: waiting.received_at,
    });
}

impl Folded {
    fn add(&mut self, index: usize, waiting: &Delivery, record: Option<Record>) {
        self.deliveries.push(index);
        self.received_at = self.received_at.max(waiting.received_at);
        let Some(record) = record else {
            self.is_doubtful = true;
            return;
        };
        let Some(newest) = &self.newest else {
            self.newest = Some(record);
            return;
        };
        match record.modified_at().cmp(&newest.modified_at()) {
            std::cmp::Ordering::Greater => self.newest = Some(record),
            std::cmp::Ordering::Equal if record.content_hash() != newest.content_hash() => self.is_doubtful = true,
            _ => {}
        }
    }
}

/// What was asked for on a delivery's account was received when the delivery was.
fn received_when(plan: &mut Plan, folded: &BTreeMap<Key, Folded>) {
    for planned in &mut plan.store {
        if let Some(record) = folded.get(&planned.incoming.record.key()) {
            planned.incoming.received_at = record.received_at;
        }
    }
}
