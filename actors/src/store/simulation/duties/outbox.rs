//! Writes changes of stock to the store and proves that they arrived.

use jiff::SignedDuration;
use rand::Rng as _;
use rust_decimal::prelude::ToPrimitive as _;
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, IntentState, Source, intent::Fields};
use storewire_woo::WooError;

use super::super::{
    super::{
        compare::{Incoming, Plan, plan},
        decide::Trust,
        duty::Next,
        follow::wish_at,
        isolate::{Fault, fault},
        judge::WorkError,
        keep::Along,
        outbox::{
            fresh::Fresh,
            settle::Step,
            single::{Decided, decide, proven},
            trouble::{unanswered, unreadable},
            verdict::Limits,
        },
        pace::Urgency,
        record::{Key, Noun},
    },
    world::{Halt, World},
};
use super::rechecks::is_well;

impl World {
    pub(in super::super) fn write_intent(&mut self) -> Result<Next, Halt> {
        let (open, now) = (self.rows.open_intents(), self.our_time());
        let poll = self.config.pull_interval;
        let poll = self.jittered(poll);
        let Some(first) = open.first().filter(|first| first.due_at <= now) else {
            let wait = open.first().map_or(poll, |later| later.due_at.duration_since(now).unsigned_abs());
            return Ok(Next::In(wait.min(poll)));
        };
        self.write_one(first)?;
        Ok(Next::Now)
    }

    fn write_one(&mut self, intent: &OpenIntent) -> Result<(), Halt> {
        let fresh = match self.read_fresh(intent) {
            Ok(fresh) => fresh,
            Err(Halt::Work(WorkError::Woo(error))) => return self.unread(intent, error),
            Err(halt) => return Err(halt),
        };
        match decide(intent, fresh, self.our_time(), self.limits()) {
            Decided::Step(step) => self.settle(*step).map(drop),
            Decided::Send(fresh) => self.send_change(intent, &fresh),
        }
    }

    fn limits(&self) -> Limits {
        let settle = SignedDuration::try_from(self.config.outbox_settle).unwrap();
        Limits { settle, attempts: self.config.outbox_attempts }
    }

    fn read_fresh(&mut self, intent: &OpenIntent) -> Result<Fresh, Halt> {
        let asked_at = self.our_time();
        match self.ask(Urgency::Person, |world| world.shop.one(&intent.remote_id))? {
            Some(record) => Ok(Fresh::Record(record, asked_at)),
            None => {
                self.ping()?;
                Ok(Fresh::Gone)
            }
        }
    }

    fn send_change(&mut self, intent: &OpenIntent, fresh: &Fresh) -> Result<(), Halt> {
        let before = fresh.fields(intent);
        if !self.settle(Step::sending(intent, &before, self.our_time()))? {
            return Ok(());
        }
        let Edit::Stock { quantity } = &intent.edit else { unreachable!("people wish for stock only") };
        let id = intent.remote_id.as_str().parse().unwrap();
        self.tell(|| format!("stock of {id} is to be {quantity}"));
        let sent = OpenIntent { state: IntentState::Sending, ..intent.clone() };
        match self.put_stock(id, quantity.to_i64().unwrap()) {
            Ok(_) => {
                let sent = OpenIntent { before: serde_json::to_value(&before).ok(), ..sent };
                let answered = intent.edit.wanted();
                self.read_back(&sent, &answered)
            }
            Err(Halt::Work(WorkError::Woo(error))) => {
                let attention = self.config.attention_interval;
                let (step, is_settled) = unanswered(&sent, &error, self.our_time(), self.limits(), attention);
                self.settle(step)?;
                if is_settled { Ok(()) } else { Err(error.into()) }
            }
            Err(halt) => Err(halt),
        }
    }

    fn read_back(&mut self, sent: &OpenIntent, answered: &Fields) -> Result<(), Halt> {
        let step = match self.read_fresh(sent) {
            Ok(fresh) => proven(sent, answered, fresh, self.our_time()),
            Err(Halt::Work(WorkError::Woo(_))) => Step::unknown(sent, self.our_time()),
            Err(halt) => return Err(halt),
        };
        self.settle(step).map(drop)
    }

    fn unread(&mut self, intent: &OpenIntent, error: WooError) -> Result<(), Halt> {
        let is_of_record = match fault(error.class) {
            Fault::Record => true,
            Fault::Store => false,
            Fault::Open => is_well(self.ping())?,
        };
        if !is_of_record {
            return Err(error.into());
        }
        let (retry, random) = (self.config.retry, self.rng.random());
        let step = unreadable(intent, &error, self.our_time(), self.limits(), &retry, random);
        self.settle(step).map(drop)
    }

    /// Commits where an intent stands, with what was read on the way. Answers whether it was still open.
    fn settle(&mut self, step: Step<'_>) -> Result<bool, Halt> {
        let now = self.our_time();
        let mut along = Along::default();
        if matches!(step.fresh, Some(Fresh::Gone)) {
            let key: Key = (Noun::Product, step.intent.remote_id.clone());
            along.rechecks.push(wish_at(now, &key, key.0.into(), "deleted", Source::Push));
        }
        let mut plan_of_it = Plan::default();
        if let Some((record, asked_at)) = step.fresh.and_then(Fresh::into_record) {
            let key = record.key();
            let version = Incoming { record, trust: Trust::Fresh(asked_at), source: Source::Push, received_at: now };
            plan_of_it = plan(self.rows.holdings(&[key]), vec![version]);
        }
        let progress = step.progress;
        self.tell(|| format!("intent {} is {}, {:?}", progress.id.as_u128(), progress.state, progress.reason));
        self.keep_and(&plan_of_it, along, |rows, now| rows.advance(&progress, now))
    }
}
