//! Sorts deliveries by the record they are about. Nothing is decided about a record here, and nothing is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    dead_letters::NewDeadLetter,
    inbox::{Delivery, Verdict},
    rechecks::NewRecheck,
};
use storewire_domain::{DeliveryTopic, Source, StoreId};
use storewire_woo::{Delivered, delivery};

use super::super::{
    context::StoreContext,
    follow::wish_at,
    record::{Key, Noun, Record},
    source::Places,
    storm::{Limits, Storms, Weather},
};
use super::weather::{self, Rising};
use crate::failpoint;

/// Dates are whole seconds, and an answer's is as old as its way to us was long.
const CLOCK_IS_KNOWN_TO: SignedDuration = SignedDuration::from_secs(10);

/// By what deliveries are sorted.
pub(crate) struct Rules<'c> {
    /// For the named places, which only builds with debug assertions have.
    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "no place is named"))]
    pub(crate) store: StoreId,
    pub(crate) now: Timestamp,
    /// What is dated later was dated by a clock that has been set back since, or that we do not know: only the store can tell whether it is
    /// newer than what we hold.
    pub(crate) latest: Timestamp,
    /// A delivery that was tried so often is set aside.
    pub(crate) attempts: i16,
    pub(crate) storms: &'c Mutex<Storms>,
    pub(crate) storm: Limits,
    /// How long a record in a storm is left before it is read.
    pub(crate) storm_rest: SignedDuration,
}

impl<'c> Rules<'c> {
    pub(super) fn of(context: &'c StoreContext) -> Self {
        let config = &context.shared.config;
        Self {
            store: context.store,
            now: context.now(),
            latest: latest_date(context.store_now().unwrap_or_else(|| context.now())),
            attempts: config.delivery_attempts,
            storms: &context.storms,
            storm: weather::limits(context),
            storm_rest: SignedDuration::try_from(config.storm_rest).unwrap_or(SignedDuration::ZERO),
        }
    }
}

/// The latest date that a version can have while the store's clock shows `store_now`, which is known to some seconds.
pub(crate) fn latest_date(store_now: Timestamp) -> Timestamp {
    store_now.saturating_add(CLOCK_IS_KNOWN_TO).unwrap_or(store_now)
}

/// Everything that waiting deliveries say about one record.
#[derive(Default)]
pub(crate) struct Folded {
    /// The newest snapshot.
    pub(crate) newest: Option<Record>,
    /// Two snapshots of one second differ, one is dated in what is still to come, or a delete was announced: only the store knows.
    pub(crate) is_doubtful: bool,
    pub(crate) deliveries: Vec<usize>,
    pub(crate) received_at: Timestamp,
}

/// What a batch of deliveries comes to.
#[derive(Default)]
pub(crate) struct Sorted<'a> {
    pub(crate) records: BTreeMap<Key, Folded>,
    /// What became of each delivery, by its place in the batch; `None` until its record was compared.
    pub(crate) verdicts: Vec<Option<Verdict>>,
    pub(crate) dead: Vec<NewDeadLetter<'a>>,
    pub(crate) rechecks: Vec<NewRecheck>,
    pub(super) rising: Vec<Rising>,
    /// Places other than the store's that delivered with its secret.
    pub(super) strangers: BTreeSet<String>,
    /// A webhook told that its owner lost the right to see what it delivers.
    pub(super) has_lost_owner: bool,
}

/// Sorts a batch; deliveries about no record get their verdict here.
pub(crate) fn sort<'a>(rules: &Rules<'_>, places: &Places, batch: &'a [Delivery]) -> Sorted<'a> {
    let mut sorted = Sorted { verdicts: vec![None; batch.len()], ..Sorted::default() };
    for (index, waiting) in batch.iter().enumerate() {
        if waiting.attempts >= rules.attempts {
            let reason = "every try ended the store's actor, or was refused by the database";
            sorted.bury(index, waiting, "crashed", reason.to_owned());
        } else if let Some(place) = places.stranger(&waiting.source) {
            sorted.bury(index, waiting, "foreign_source", quarantine_reason(&place));
            sorted.strangers.insert(place);
        } else {
            sorted.take(rules, index, waiting);
        }
    }
    sorted
}

/// Why a delivery from another place was set aside; those of one place share it.
pub(crate) fn quarantine_reason(place: &str) -> String {
    format!("comes from {place}")
}

impl<'a> Sorted<'a> {
    fn take(&mut self, rules: &Rules<'_>, index: usize, waiting: &'a Delivery) {
        failpoint!("store.on_delivery", rules.store, &waiting.delivery_id);
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
        if self.is_in_storm(rules, &key, record.as_ref(), waiting) {
            return self.ignore(index, "storm");
        }
        self.records.entry(key).or_default().add(rules, index, waiting, record);
    }

    /// Whether the record is updated in a loop. Then one read after a rest answers for all of its deliveries.
    fn is_in_storm(&mut self, rules: &Rules<'_>, key: &Key, record: Option<&Record>, waiting: &Delivery) -> bool {
        let weather = rules.storms.lock().map_or(Weather::Calm, |mut storms| {
            let content = || record.map(Record::content_hash);
            storms.count(key, content, &rules.storm, waiting.received_at)
        });
        match weather {
            Weather::Calm => return false,
            Weather::Rising(deliveries) => self.rising.push(Rising { key: key.clone(), deliveries }),
            Weather::Storm => {}
        }
        let due_at = rules.now.saturating_add(rules.storm_rest).unwrap_or(rules.now);
        let mut wish = wish_at(due_at, key, key.0.into(), "storm", Source::Webhook);
        wish.received_at = Some(waiting.received_at);
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
    fn add(&mut self, rules: &Rules<'_>, index: usize, waiting: &Delivery, record: Option<Record>) {
        self.deliveries.push(index);
        self.received_at = self.received_at.max(waiting.received_at);
        let Some(record) = record else {
            self.is_doubtful = true;
            return;
        };
        self.is_doubtful |= record.modified_at().is_some_and(|at| at > rules.latest);
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
