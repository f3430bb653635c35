//! The model store: orders and products with dates of whole seconds, pages by offset, webhooks that WooCommerce gives up on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ManageStock, RemoteId, Resource, delivery::TOPICS};
use storewire_woo::{Glance, RemoteWebhook, decode};

use super::{
    super::{
        listing::Ask,
        record::{Key, Noun, Record},
    },
    time::{Tick, their_second},
};

/// Deliveries that must fail in a row for a webhook to be switched off.
const PATIENCE: u32 = 7;

/// Where webhooks deliver to.
pub(super) const DELIVERY_URL: &str = "https://ops.example/hooks/woo/token";

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Listed,
    Trash,
    Gone,
}

/// A record as the store holds it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) noun: Noun,
    pub(super) id: u64,
    pub(super) key: Key,
    pub(super) place: Place,
    /// Content has a number of its own with each change.
    pub(super) number: u32,
    pub(super) stock: i64,
    cents: i64,
    /// Seconds by the store's clock.
    pub(super) modified: i64,
    pub(super) changed_at: Tick,
    /// It was changed in a way that shows in whole records only.
    pub(super) is_deep: bool,
    /// Its last change moved its date forward: whoever asks by date finds it.
    pub(super) is_dated: bool,
    /// Changes so far, and the last of them that a delivery which we took was made after.
    pub(super) num_changes: u32,
    pub(super) told: u32,
    pub(super) body: String,
    pub(super) record: Record,
    pub(super) content_hash: [u8; 32],
}

/// What a change of a record does to its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dated {
    Now,
    /// So many seconds ago.
    Earlier(i64),
    Unmoved,
}

/// What a change of a record does to its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alters {
    Nothing,
    /// What a light listing shows, too.
    Sums,
    /// What only the whole record shows.
    Depths,
    Stock(i64),
    Place(Place),
}

/// A page of a listing.
pub(super) struct Shown<T> {
    pub(super) items: Vec<T>,
    pub(super) total: Option<i64>,
    pub(super) is_last: bool,
    pub(super) store_now: Timestamp,
}

/// See the module.
pub(super) struct Shop {
    pub(super) records: BTreeMap<u64, Kept>,
    pub(super) hooks: Vec<RemoteWebhook>,
    failures: BTreeMap<RemoteId, u32>,
    /// Stock that requests have set, whatever it was before: product and quantity.
    pub(super) writes: Vec<(u64, i64)>,
    pub(super) clock_ahead: i64,
    pub(super) is_mute: bool,
    /// When records entered a listing, or left it: kind, place, whether they entered.
    pub(super) moves: Vec<(Tick, Noun, Place, bool)>,
    /// When a list last came out empty that was not.
    pub(super) muted_at: Option<Tick>,
    pub(super) lacks_totals: bool,
    next_id: u64,
}

impl Shop {
    pub(super) fn new(clock_ahead: i64, lacks_totals: bool) -> Self {
        Self {
            records: BTreeMap::new(),
            hooks: Vec::new(),
            failures: BTreeMap::new(),
            writes: Vec::new(),
            clock_ahead,
            is_mute: false,
            moves: Vec::new(),
            muted_at: None,
            lacks_totals,
            next_id: 10,
        }
    }

    pub(super) fn create(&mut self, noun: Noun, now: Tick) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        let modified = their_second(now, self.clock_ahead);
        let cents = i64::try_from(id).unwrap_or(0) * 100;
        let (body, record) = shown(noun, id, 1, 10, cents, modified, Place::Listed);
        let kept = Kept {
            noun,
            id,
            key: (noun, RemoteId::from(id)),
            place: Place::Listed,
            changed_at: now,
            is_deep: false,
            number: 1,
            stock: 10,
            cents,
            modified,
            is_dated: true,
            num_changes: 1,
            told: 0,
            body,
            content_hash: record.content_hash(),
            record,
        };
        self.records.insert(id, kept);
        self.moves.push((now, noun, Place::Listed, true));
        id
    }

    pub(super) fn alter(&mut self, id: u64, alters: Alters, dated: Dated, now: Tick) {
        let clock = their_second(now, self.clock_ahead);
        let Some(kept) = self.records.get_mut(&id) else { return };
        kept.number += u32::from(alters != Alters::Nothing);
        kept.num_changes += 1;
        kept.changed_at = now;
        kept.is_deep |= alters == Alters::Depths;
        match alters {
            Alters::Nothing | Alters::Depths => {}
            Alters::Sums => kept.cents += 1,
            Alters::Stock(quantity) => kept.stock = quantity,
            Alters::Place(place) => {
                self.moves.extend([(now, kept.noun, kept.place, false), (now, kept.noun, place, true)]);
                kept.place = place;
            }
        }
        let before = kept.modified;
        kept.modified = match dated {
            Dated::Now => clock,
            // A later save of the same record was stamped later, or in the same second.
            Dated::Earlier(seconds) => (clock - seconds).max(before),
            Dated::Unmoved => before,
        };
        kept.is_dated = dated != Dated::Unmoved && kept.place != Place::Gone;
        let Kept { noun, number, stock, cents, modified, place, .. } = *kept;
        (kept.body, kept.record) = shown(noun, id, number, stock, cents, modified, place);
        kept.content_hash = kept.record.content_hash();
    }

    /// A request sets a product's stock. Answers whether there is such a product.
    pub(super) fn write_stock(&mut self, id: u64, quantity: i64, now: Tick) -> bool {
        if self.records.get(&id).is_none_or(|kept| kept.place == Place::Gone) {
            return false;
        }
        self.writes.push((id, quantity));
        self.alter(id, Alters::Stock(quantity), Dated::Now, now);
        true
    }

    /// The store's answer about one record: trashed ones are shown, others not there any more.
    pub(super) fn one(&self, id: &RemoteId) -> Option<Record> {
        let kept = self.records.get(&id.as_str().parse().ok()?)?;
        (kept.place != Place::Gone).then(|| kept.record.clone())
    }

    pub(super) fn records_page(&self, ask: &Ask, now: Tick) -> Shown<Record> {
        self.page(ask, now, |kept| kept.record.clone())
    }

    pub(super) fn glances_page(&self, ask: &Ask, now: Tick) -> Shown<Glance> {
        self.page(ask, now, Kept::glance)
    }

    fn page<T>(&self, ask: &Ask, now: Tick, show: impl Fn(&Kept) -> T) -> Shown<T> {
        let place = if ask.listing == "trash" { Place::Trash } else { Place::Listed };
        let is_listed = |kept: &&Kept| {
            let is_of = matches!(
                (ask.resource, kept.noun),
                (Resource::Orders, Noun::Order) | (Resource::Products, Noun::Product)
            );
            let is_inside = |window: storewire_domain::window::Window| {
                kept.modified > window.after.as_second() && kept.modified < window.before.as_second()
            };
            is_of && kept.place == place && ask.window.is_none_or(is_inside) && !self.is_mute
        };
        let listed: Vec<&Kept> = self.records.values().filter(is_listed).collect();
        let (from, length) = ((ask.page as usize - 1) * ask.per_page as usize, ask.per_page as usize);
        let items: Vec<T> = listed.iter().skip(from).take(length).map(|kept| show(kept)).collect();
        let has_next = listed.len() > from + length;
        let is_last = if self.lacks_totals { !has_next && items.is_empty() } else { !has_next };
        Shown {
            is_last,
            items,
            total: (!self.lacks_totals).then(|| i64::try_from(listed.len()).unwrap_or(0)),
            store_now: self.clock(now),
        }
    }

    pub(super) fn clock(&self, now: Tick) -> Timestamp {
        Timestamp::from_second(their_second(now, self.clock_ahead)).unwrap()
    }

    /// Makes a webhook, and answers it.
    pub(super) fn make_hook(&mut self, topic: &str) -> RemoteWebhook {
        let id = self.next_id;
        self.next_id += 1;
        let hook = RemoteWebhook {
            id: RemoteId::from(id),
            topic: topic.to_owned(),
            status: "active".to_owned(),
            delivery_url: DELIVERY_URL.to_owned(),
            name: String::new(),
        };
        self.hooks.push(hook.clone());
        hook
    }

    /// The active webhooks of a topic.
    pub(super) fn hooks_of(&self, topic: &str) -> Vec<RemoteId> {
        let active = self.hooks.iter().filter(|hook| hook.topic == topic && hook.status == "active");
        active.filter(|hook| hook.delivery_url == DELIVERY_URL).map(|hook| hook.id.clone()).collect()
    }

    /// Counts how a delivery ended; a webhook is switched off after several failures in a row.
    pub(super) fn delivered(&mut self, hook: &RemoteId, is_taken: bool) {
        let failures = self.failures.entry(hook.clone()).or_default();
        *failures = if is_taken { 0 } else { *failures + 1 };
        if *failures >= PATIENCE
            && let Some(hook) = self.hooks.iter_mut().find(|known| known.id == *hook)
        {
            hook.status = "disabled".to_owned();
        }
    }

    /// One of the ways in which a webhook stops.
    pub(super) fn break_hook(&mut self, pick: u32, how: u32) {
        if self.hooks.is_empty() {
            return;
        }
        let index = pick as usize % self.hooks.len();
        match how {
            0 => self.hooks[index].status = "disabled".to_owned(),
            1 => self.hooks[index].status = "paused".to_owned(),
            2 => self.hooks[index].delivery_url = "https://elsewhere.example/hooks/woo/token".to_owned(),
            _ => drop(self.hooks.remove(index)),
        }
    }
}

impl Kept {
    fn glance(&self) -> Glance {
        let (total, stock, status) = match &self.record {
            Record::Order(item) => (Some(item.value.total), None, &item.value.status),
            Record::Product(item) => (None, item.value.stock_quantity, &item.value.status),
            Record::Customer(_) | Record::Coupon(_) => unreachable!("the model store holds none"),
        };
        let is_product = self.noun == Noun::Product;
        let told = |text: &str| if is_product { text.to_owned() } else { String::new() };
        Glance {
            remote_id: RemoteId::from(self.id),
            modified_at: self.record.modified_at(),
            status: status.clone(),
            total,
            refunds: Vec::new(),
            kind: told("simple"),
            price: is_product.then(|| Decimal::new(self.cents, 2)),
            stock_quantity: stock,
            stock_status: told("instock"),
            manage_stock: is_product.then_some(ManageStock::Yes),
        }
    }

    /// Whether we were told of all that happened to it.
    pub(super) fn is_told(&self) -> bool {
        self.told == self.num_changes
    }

    /// The topic that tells of what was done.
    pub(super) fn topic(&self, event: &str) -> String {
        let resource = if self.noun == Noun::Order { "order" } else { "product" };
        let topic = format!("{resource}.{event}");
        assert!(TOPICS.contains(&topic.as_str()), "{topic}");
        topic
    }
}

/// A record as JSON, and as our own decoder reads it.
fn shown(noun: Noun, id: u64, number: u32, stock: i64, cents: i64, modified: i64, place: Place) -> (String, Record) {
    let at = Timestamp::from_second(modified).unwrap().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let sum = Decimal::new(cents, 2);
    let is_trashed = place == Place::Trash;
    if noun == Noun::Order {
        let status = if is_trashed {
            "trash"
        } else {
            ["processing", "completed", "on-hold"][cents.unsigned_abs() as usize % 3]
        };
        let body = format!(
            r#"{{"id":{id},"number":"{id}","status":"{status}","currency":"EUR","total":"{sum}","date_modified_gmt":"{at}","customer_note":"v{number}"}}"#
        );
        let item = decode::order(body.as_bytes()).unwrap();
        return (body, Record::Order(Box::new(item)));
    }
    let status = if is_trashed { "trash" } else { "publish" };
    let body = format!(
        r#"{{"id":{id},"type":"simple","status":"{status}","price":"{sum}","manage_stock":true,"stock_quantity":{stock},"stock_status":"instock","date_modified_gmt":"{at}","name":"v{number}"}}"#
    );
    let item = decode::product(body.as_bytes()).unwrap();
    (body, Record::Product(Box::new(item)))
}

/// The number of the content that a record carries.
pub(super) fn content_number(record: &Record) -> u32 {
    let text = match record {
        Record::Order(item) => item.value.customer_note.as_str(),
        Record::Product(item) => item.value.name.as_str(),
        Record::Customer(_) | Record::Coupon(_) => "",
    };
    text.strip_prefix('v').and_then(|number| number.parse().ok()).unwrap_or(0)
}
