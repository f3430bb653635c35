//! Sorts deliveries by the record they are about. Nothing is decided about a record here, and nothing is read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    dead_letters::NewDeadLetter,
    inbox::{Delivery, Verdict},
    rechecks::NewRecheck,
};
use storewire_domain::{DeliveryTopic, Source};
use storewire_woo::{Delivered, delivery};

use super::super::{
    context::StoreContext,
    follow::wish,
    record::{Key, Noun, Record},
    source::Places,
    storm::Weather,
};
use super::weather::{self, Rising};
use crate::failpoint;

/// Everything that waiting deliveries say about one record.
#[derive(Default)]
pub(super) struct Folded {
    /// The newest snapshot.
    pub(super) newest: Option<Record>,
    /// Two snapshots of one second differ, or a delete was announced: only the store knows.
    pub(super) is_doubtful: bool,
    pub(super) deliveries: Vec<usize>,
    pub(super) received_at: Timestamp,
}

/// What a batch of deliveries comes to.
#[derive(Default)]
pub(super) struct Sorted<'a> {
    pub(super) records: BTreeMap<Key, Folded>,
    /// What became of each delivery, by its place in the batch; `None` until its record was compared.
    pub(super) verdicts: Vec<Option<Verdict>>,
    pub(super) dead: Vec<NewDeadLetter<'a>>,
    pub(super) rechecks: Vec<NewRecheck>,
    pub(super) rising: Vec<Rising>,
    /// Places other than the store's that delivered with its secret.
    pub(super) strangers: BTreeSet<String>,
    /// A webhook told that its owner lost the right to see what it delivers.
    pub(super) has_lost_owner: bool,
}

/// Sorts a batch; deliveries about no record get their verdict here.
pub(super) fn sort<'a>(context: &StoreContext, places: &Places, batch: &'a [Delivery]) -> Sorted<'a> {
    let mut sorted = Sorted { verdicts: vec![None; batch.len()], ..Sorted::default() };
    for (index, waiting) in batch.iter().enumerate() {
        if waiting.attempts >= context.shared.config.delivery_attempts {
            let reason = "every try ended the store's actor, or was refused by the database";
            sorted.bury(index, waiting, "crashed", reason.to_owned());
        } else if let Some(place) = places.stranger(&waiting.source) {
            sorted.bury(index, waiting, "foreign_source", quarantine_reason(&place));
            sorted.strangers.insert(place);
        } else {
            sorted.take(context, index, waiting);
        }
    }
    sorted
}

/// Why a delivery from another place was set aside; those of one place share it.
pub(crate) fn quarantine_reason(place: &str) -> String {
    format!("comes from {place}")
}

impl<'a> Sorted<'a> {
    fn take(&mut self, context: &StoreContext, index: usize, waiting: &'a Delivery) {
        failpoint!("store.on_delivery", context.store, &waiting.delivery_id);
        let Ok(topic) = waiting.topic.parse::<DeliveryTopic>() else {
            return self.ignore(index, "unknown_topic");
        };
        let (key, record) = match delivery(&topic.resource, &waiting.body) {
            Ok(Delivered::Order(item)) => keyed(Record::Order(Box::new(item))),
            Ok(Delivered::Product(item)) => keyed(Record::Product(Box::new(item))),
            Ok(Delivered::Customer(item)) => keyed(Record::Customer(Box::new(item))),
            Ok(Delivered::Coupon(item)) => keyed(Record::Coupon(Box::new(item))),
            Ok(Delivered::IdOnly(id)) => match Noun::of_resource(&topic.resource) {
                Some(noun) => ((noun, id), None),
                None => return self.ignore(index, "unknown_topic"),
            },
            Ok(Delivered::ErrorObject { status: Some(401 | 403), .. }) => {
                self.has_lost_owner = true;
                return self.ignore(index, "webhook_owner");
            }
            Ok(Delivered::ErrorObject { .. }) => return self.ignore(index, "error_object"),
            Ok(Delivered::Unknown) => return self.ignore(index, "unknown_topic"),
            Err(poison) => return self.bury(index, waiting, "undecodable", poison.reason),
        };
        if self.is_in_storm(context, &key, record.as_ref(), waiting) {
            return self.ignore(index, "storm");
        }
        self.records.entry(key).or_default().add(index, waiting, record);
    }

    /// Whether the record is updated in a loop. Then one read after a rest answers for all of its deliveries.
    fn is_in_storm(&mut self, context: &StoreContext, key: &Key, record: Option<&Record>, waiting: &Delivery) -> bool {
        let weather = context.storms.lock().map_or(Weather::Calm, |mut storms| {
            let content = || record.map(Record::content_hash);
            storms.count(key, content, &weather::limits(context), waiting.received_at)
        });
        match weather {
            Weather::Calm => return false,
            Weather::Rising(deliveries) => self.rising.push(Rising { key: key.clone(), deliveries }),
            Weather::Storm => {}
        }
        let rest = SignedDuration::try_from(context.shared.config.storm_rest).unwrap_or(SignedDuration::ZERO);
        let mut wish = wish(context, key, key.0.into(), "storm", Source::Webhook);
        wish.received_at = Some(waiting.received_at);
        wish.due_at = wish.due_at.saturating_add(rest).unwrap_or(wish.due_at);
        self.rechecks.retain(|other| (other.kind, &other.remote_id) != (wish.kind, &wish.remote_id));
        self.rechecks.push(wish);
        true
    }

    fn ignore(&mut self, index: usize, reason: &'static str) {
        self.decide(index, Verdict::Ignored(reason));
    }

    fn bury(&mut self, index: usize, waiting: &'a Delivery, cause: &'static str, reason: String) {
        metrics::counter!("storewire_dead_letters_total").increment(1);
        self.decide(index, Verdict::Dead(reason.clone()));
        self.dead.push(NewDeadLetter {
            id: waiting.id.uuid(),
            origin: "delivery",
            topic: &waiting.topic,
            remote_id: None,
            cause,
            reason,
            body: waiting.body.clone(),
            received_at: waiting.received_at,
        });
    }

    /// Says what became of a delivery.
    pub(super) fn decide(&mut self, index: usize, verdict: Verdict) {
        if let Some(open) = self.verdicts.get_mut(index) {
            *open = Some(verdict);
        }
    }
}

fn keyed(record: Record) -> (Key, Option<Record>) {
    (record.key(), Some(record))
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
