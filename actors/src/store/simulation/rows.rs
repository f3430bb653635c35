//! The model database: what is committed, and nothing else, outlives us. Each method is one of the product's statements.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_db::{
    budgets::Budget,
    checkpoints::Checkpoint,
    inbox::{Delivery, Verdict},
    intents::{OpenIntent, Progress},
    rechecks::{NewRecheck, Recheck, RecheckKind},
    stores::KnownWebhook,
    sweeps::{HeldRow, Stretch, Sweep, WALKS},
};
use storewire_domain::{IntentState, ManageStock, Purpose, RemoteId, Resource, Source};
use storewire_guard::digest;
use uuid::Uuid;

use super::{
    super::{
        compare::{Plan, Planned},
        keep::Along,
        record::{Held, Key, Noun, Record},
    },
    shop::content_number,
};

/// A delivery as kept, and what became of it.
pub(super) struct Waiting {
    pub(super) delivery: Delivery,
    body_sha256: [u8; 32],
    pub(super) verdict: Option<Verdict>,
}

/// Our copy of a record.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) held: Held,
    pub(super) record: Record,
}

/// A change that somebody wants.
pub(super) struct Intent {
    pub(super) open: OpenIntent,
    pub(super) reason: Option<String>,
    pub(super) is_finished: bool,
}

/// The window of a listing that was last read to its end.
pub(super) struct ReadWindow {
    pub(super) listing: (Resource, &'static str),
    pub(super) opened_at: Timestamp,
}

/// See the module.
pub(super) struct Rows {
    pub(super) copy: BTreeMap<Key, Row>,
    pub(super) inbox: Vec<Waiting>,
    pub(super) rechecks: BTreeMap<(RecheckKind, RemoteId), Recheck>,
    pub(super) checkpoints: Vec<Checkpoint>,
    /// The windows that were last read to their ends.
    pub(super) read: Vec<ReadWindow>,
    pub(super) sweeps: Vec<Sweep>,
    pub(super) intents: Vec<Intent>,
    pub(super) hooks: Vec<KnownWebhook>,
    pub(super) budget: Option<Budget>,
    /// Causes of what was set aside.
    pub(super) dead: Vec<&'static str>,
    /// Records that a write took back in time: what was held, and what replaced it.
    pub(super) setbacks: Vec<(Key, String)>,
}

impl Rows {
    pub(super) fn new() -> Self {
        let start = |(resource, listing)| Checkpoint::start(resource, listing);
        let never = |purpose: Purpose| WALKS.map(|(resource, listing)| Sweep::never(purpose, resource, listing));
        Self {
            copy: BTreeMap::new(),
            inbox: Vec::new(),
            rechecks: BTreeMap::new(),
            checkpoints: [
                (Resource::Orders, "any"),
                (Resource::Products, "any"),
                (Resource::Coupons, "any"),
                (Resource::Orders, "trash"),
                (Resource::Products, "trash"),
            ]
            .map(start)
            .to_vec(),
            read: Vec::new(),
            sweeps: Purpose::ALL.iter().flat_map(|purpose| never(*purpose)).collect(),
            intents: Vec::new(),
            hooks: Vec::new(),
            budget: None,
            dead: Vec::new(),
            setbacks: Vec::new(),
        }
    }

    pub(super) fn holdings(&self, keys: &[Key]) -> HashMap<Key, Held> {
        keys.iter().filter_map(|key| Some((key.clone(), self.copy.get(key)?.held.clone()))).collect()
    }

    /// Writes a plan's rows and what goes along, as one commit.
    pub(super) fn keep(&mut self, plan: &Plan, along: Along<'_>, now: Timestamp) {
        for planned in &plan.store {
            self.replace(planned, now);
        }
        for planned in &plan.touch {
            let key = planned.incoming.record.key();
            self.note_setback(&key, &planned.incoming.record);
            if let Some(row) = self.copy.get_mut(&key) {
                row.record = planned.incoming.record.clone();
                (row.held.modified_at, row.held.saved_at) = (planned.incoming.record.modified_at(), now);
            }
        }
        for (key, ..) in &plan.delete {
            if let Some(row) = self.copy.get_mut(key) {
                (row.held.is_deleted, row.held.saved_at) = (true, now);
            }
        }
        self.dead.extend(along.dead.iter().map(|letter| letter.cause));
        for settled in &along.settled {
            let key = (settled.kind, settled.remote_id.clone());
            if self.rechecks.get(&key).is_some_and(|waiting| waiting.wishes == settled.wishes) {
                self.rechecks.remove(&key);
            }
        }
        for wish in along.rechecks {
            self.want(wish, now);
        }
        for (id, _, verdict) in along.verdicts {
            if let Some(waiting) = self.inbox.iter_mut().find(|waiting| waiting.delivery.id == id) {
                waiting.verdict = Some(verdict);
            }
        }
        if let Some(checkpoint) = along.checkpoint {
            self.save_checkpoint(checkpoint);
        }
    }

    fn replace(&mut self, planned: &Planned, now: Timestamp) {
        let record = planned.incoming.record.clone();
        let key = record.key();
        self.note_setback(&key, &record);
        let held = Held {
            id: planned.held.as_ref().map_or(planned.fresh_id, |held| held.id),
            modified_at: record.modified_at(),
            content_hash: planned.content_hash.to_vec(),
            lines_hash: None,
            saved_at: now,
            read_at: planned.incoming.trust.asked_at().or(planned.held.as_ref().and_then(|held| held.read_at)),
            is_trashed: record.is_trashed(),
            is_deleted: false,
            fields: record.fields(),
            refunds: HashMap::new(),
            has_variations: false,
            count: None,
        };
        self.copy.insert(key, Row { held, record });
    }

    fn note_setback(&mut self, key: &Key, new: &Record) {
        let Some(row) = self.copy.get(key).filter(|row| !row.held.is_deleted) else { return };
        let age = |record: &Record| (content_number(record), record.modified_at());
        if age(new) < age(&row.record) {
            self.setbacks.push((key.clone(), format!("{:?} by {:?}", age(&row.record), age(new))));
        }
    }

    pub(super) fn save_checkpoint(&mut self, checkpoint: Checkpoint) {
        let is_it = |one: &&mut Checkpoint| (one.resource, one.listing) == (checkpoint.resource, checkpoint.listing);
        if let Some(known) = self.checkpoints.iter_mut().find(is_it) {
            if known.position != checkpoint.position {
                let listing = (checkpoint.resource, checkpoint.listing);
                self.read.retain(|read| read.listing != listing);
                self.read.extend(checkpoint.began_at.map(|opened_at| ReadWindow { listing, opened_at }));
            }
            *known = checkpoint;
        }
    }

    pub(super) fn save_sweep(&mut self, walk: Sweep) {
        let is_it =
            |one: &&mut Sweep| (one.purpose, one.resource, one.listing) == (walk.purpose, walk.resource, walk.listing);
        if let Some(known) = self.sweeps.iter_mut().find(is_it) {
            *known = walk;
        }
    }

    pub(super) fn begin_sweep(&mut self, purpose: Purpose, now: Timestamp) {
        for walk in self.sweeps.iter_mut().filter(|walk| walk.purpose == purpose) {
            let fresh = Sweep::never(purpose, walk.resource, walk.listing);
            let run_id = Some(Uuid::from_u128(1));
            *walk = Sweep { run_id, started_at: Some(now), closed_at: walk.closed_at, ..fresh };
        }
    }

    pub(super) fn close_sweep(&mut self, purpose: Purpose, now: Timestamp) {
        for walk in self.sweeps.iter_mut().filter(|walk| walk.purpose == purpose) {
            walk.closed_at = Some(now);
        }
    }

    /// What we hold of a listing between two ids.
    pub(super) fn held(&self, resource: Resource, listing: &str, stretch: Stretch) -> Vec<HeldRow> {
        let noun = match resource {
            Resource::Orders => Noun::Order,
            Resource::Products => Noun::Product,
            Resource::Coupons => Noun::Coupon,
            Resource::Customers => Noun::Customer,
            Resource::Variations => return Vec::new(),
        };
        let mut held: Vec<HeldRow> = self
            .copy
            .iter()
            .filter(|((of, _), row)| *of == noun && !row.held.is_deleted)
            .filter(|(_, row)| row.held.is_trashed == (listing == "trash"))
            .map(|((_, id), row)| held_row(id, row))
            .filter(|row| row.number > stretch.after && row.number <= stretch.up_to)
            .collect();
        held.sort_by_key(|row| row.number);
        held
    }

    pub(super) fn pending(&self, limit: usize) -> Vec<Delivery> {
        let pending = self.inbox.iter().filter(|waiting| waiting.verdict.is_none());
        pending.take(limit).map(|waiting| waiting.delivery.clone()).collect()
    }

    pub(super) fn receive(&mut self, delivery: Delivery) {
        let body_sha256 = digest::sha256(&delivery.body);
        self.inbox.push(Waiting { delivery, body_sha256, verdict: None });
    }

    pub(super) fn count_attempts(&mut self, batch: &[Delivery], by: i16) {
        for waiting in &mut self.inbox {
            if batch.iter().any(|delivery| delivery.id == waiting.delivery.id) {
                waiting.delivery.attempts = (waiting.delivery.attempts + by).max(0);
            }
        }
    }

    /// Whether word of a record's end came before we ever held it.
    pub(super) fn is_early(&self, topic: &str, body: &[u8; 32]) -> bool {
        let was_asked = |waiting: &Waiting| waiting.verdict == Some(Verdict::Ignored("asked"));
        self.inbox
            .iter()
            .any(|waiting| waiting.delivery.topic == topic && waiting.body_sha256 == *body && was_asked(waiting))
    }

    fn want(&mut self, wish: NewRecheck, now: Timestamp) {
        let Some(waiting) = self.rechecks.get_mut(&(wish.kind, wish.remote_id.clone())) else {
            let fresh = Recheck {
                kind: wish.kind,
                remote_id: wish.remote_id.clone(),
                reason: wish.reason.to_owned(),
                source: wish.source,
                wanted_at: now,
                received_at: wish.received_at,
                due_at: wish.due_at,
                attempts: 0,
                wishes: 1,
            };
            self.rechecks.insert((wish.kind, wish.remote_id), fresh);
            return;
        };
        waiting.due_at = if waiting.attempts > 0 || waiting.reason == "storm" {
            waiting.due_at
        } else if wish.reason == "storm" {
            waiting.due_at.max(wish.due_at)
        } else {
            waiting.due_at.min(wish.due_at)
        };
        if wish.reason == "storm" {
            waiting.reason = wish.reason.to_owned();
        }
        if is_of_walk(waiting.source) {
            waiting.source = wish.source;
        }
        waiting.received_at = waiting.received_at.max(wish.received_at);
        waiting.wishes += 1;
    }

    /// The wishes to be met first.
    pub(super) fn first_due(&self, now: Timestamp) -> Option<Recheck> {
        let rank = |wish: &Recheck| {
            let is_later = wish.due_at > now;
            (is_later, if is_later { 0 } else { 1 + u8::from(is_of_walk(wish.source)) }, wish.due_at)
        };
        self.rechecks.values().min_by_key(|wish| rank(wish)).cloned()
    }

    pub(super) fn postpone(&mut self, wanted: &Recheck, until: Timestamp) {
        if let Some(waiting) = self.rechecks.get_mut(&(wanted.kind, wanted.remote_id.clone())) {
            (waiting.due_at, waiting.attempts) = (until, waiting.attempts + 1);
        }
    }

    /// Records that a walk wondered about and nobody has asked about yet.
    pub(super) fn count_walked(&self) -> usize {
        let is_walked = |wish: &&Recheck| {
            let of_sweep = matches!(wish.source, Source::Sweep | Source::Reconcile);
            wish.attempts == 0
                && (matches!(wish.reason.as_str(), "drift" | "absent") || wish.reason == "doubtful" && of_sweep)
        };
        self.rechecks.values().filter(is_walked).count()
    }

    /// The oldest open intent of each record, those due first first.
    pub(super) fn open_intents(&self) -> Vec<OpenIntent> {
        let mut open: Vec<OpenIntent> = Vec::new();
        for intent in self.intents.iter().filter(|intent| !intent.is_finished) {
            if !open.iter().any(|older| older.entity_id == intent.open.entity_id) {
                open.push(intent.open.clone());
            }
        }
        open.sort_by_key(|intent| intent.due_at);
        open
    }

    /// Moves an intent on. Answers whether it was open still.
    pub(super) fn advance(&mut self, step: &Progress, now: Timestamp) -> bool {
        let is_it = |intent: &&mut Intent| intent.open.id == step.id && !intent.is_finished;
        let Some(intent) = self.intents.iter_mut().find(is_it) else { return false };
        let open = &mut intent.open;
        open.state = step.state;
        open.attempts = (open.attempts + step.attempts).max(0);
        open.due_at = step.due_at;
        open.before = step.before.clone().or_else(|| open.before.take());
        if step.state == IntentState::Sending {
            open.sent_at = Some(now);
        }
        (intent.reason, intent.is_finished) = (step.reason.clone(), step.state.is_final());
        true
    }
}

const fn is_of_walk(source: Source) -> bool {
    matches!(source, Source::Sweep | Source::Reconcile | Source::Backfill)
}

fn held_row(id: &RemoteId, row: &Row) -> HeldRow {
    let bare = HeldRow {
        remote_id: id.clone(),
        number: id.as_str().parse().unwrap_or(0),
        modified_at: row.held.modified_at,
        saved_at: row.held.saved_at,
        status: String::new(),
        kind: String::new(),
        total: None,
        refunds: Vec::new(),
        price: None,
        manage_stock: None,
        stock_quantity: None::<Decimal>,
        stock_status: String::new(),
    };
    match &row.record {
        Record::Order(item) => HeldRow { status: item.value.status.clone(), total: Some(item.value.total), ..bare },
        Record::Product(item) => HeldRow {
            status: item.value.status.clone(),
            kind: item.value.kind.clone(),
            price: item.value.price,
            manage_stock: Some(ManageStock::Yes),
            stock_quantity: item.value.stock_quantity,
            stock_status: item.value.stock_status.clone(),
            ..bare
        },
        Record::Customer(_) | Record::Coupon(_) => bare,
    }
}
