//! Asks the store about single records.

use jiff::Timestamp;
use rand::Rng as _;
use storewire_db::rechecks::Recheck;

use super::super::{
    super::{
        compare::{Incoming, Plan, plan},
        decide::Trust,
        duty::Next,
        isolate::{Fault, fault},
        judge::WorkError,
        keep::Along,
        pace::Urgency,
        recheck::{
            blame::PROOFS,
            fate::{Fate, again, fate, is_proof_due, next_try},
            wait_for,
        },
        record::{Key, Noun, Record},
    },
    world::{Halt, World},
};

impl World {
    pub(in super::super) fn ask_about_one(&mut self) -> Result<Next, Halt> {
        let poll = self.config.pull_interval;
        let poll = self.jittered(poll);
        let Some(wanted) = self.rows.first_due(self.our_time()) else { return Ok(Next::In(poll)) };
        if let Some(wait) = wait_for(wanted.due_at, self.our_time()) {
            return Ok(Next::In(wait.min(poll)));
        }
        let asked_at = self.our_time();
        match self.ask(Urgency::Background, |world| world.shop.one(&wanted.remote_id)) {
            Ok(answer) => self.settle_recheck(&wanted, asked_at, answer)?,
            Err(Halt::Work(WorkError::Woo(error))) => {
                let is_of_record = match fault(error.class) {
                    Fault::Record => true,
                    Fault::Store => false,
                    Fault::Open => is_well(self.ping())?,
                };
                if !is_of_record || !self.is_proven(&wanted)? {
                    return Err(error.into());
                }
                self.put_off(&wanted)?;
            }
            Err(halt) => return Err(halt),
        }
        Ok(Next::Now)
    }

    fn settle_recheck(&mut self, wanted: &Recheck, asked_at: Timestamp, answer: Option<Record>) -> Result<(), Halt> {
        self.tell(|| format!("{} {} is there: {}", wanted.kind.as_str(), wanted.remote_id, answer.is_some()));
        let noun = if wanted.kind.as_str() == "order" { Noun::Order } else { Noun::Product };
        let key: Key = (noun, wanted.remote_id.clone());
        let received_at = wanted.received_at.unwrap_or(asked_at);
        let mut plan_of_it = Plan::default();
        match answer {
            Some(record) => {
                let asked = Incoming { record, trust: Trust::Asked(asked_at), source: wanted.source, received_at };
                plan_of_it = plan(self.rows.holdings(&[key]), vec![asked]);
            }
            None => {
                self.ping()?;
                let held = self.rows.holdings(std::slice::from_ref(&key)).remove(&key);
                match (fate(held.as_ref(), asked_at), held) {
                    (Fate::Bury, Some(held)) => plan_of_it.delete.push((key, held, wanted.source, received_at)),
                    (Fate::Overtaken, _) => plan_of_it.ask.push((key, wanted.source)),
                    _ => {}
                }
            }
        }
        let (now, rest) = (self.our_time(), self.config.retry.base);
        let along = Along {
            rechecks: plan_of_it.ask.iter().map(|(key, _)| again(key, wanted, now, rest)).collect(),
            settled: vec![wanted.clone()],
            ..Along::default()
        };
        self.keep(&plan_of_it, along)
    }

    /// Whether the store answers each time it must prove itself, or need not yet.
    fn is_proven(&mut self, wanted: &Recheck) -> Result<bool, Halt> {
        if is_proof_due(wanted, self.config.recheck_attempts) {
            for _ in 0..PROOFS {
                if !is_well(self.ping())? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn put_off(&mut self, wanted: &Recheck) -> Result<(), Halt> {
        let tries = self.config.recheck_attempts + 1;
        let (retry, random) = (self.config.retry, self.rng.random());
        match next_try(wanted, tries, &retry, random, self.our_time()) {
            Some(until) => self.commit(|rows, _| rows.postpone(wanted, until)),
            None => {
                let along = Along { settled: vec![wanted.clone()], ..Along::default() };
                self.keep_and(&Plan::default(), along, |rows, _| rows.dead.push("unreadable"))
            }
        }
    }
}

/// Whether a control request was answered.
pub(super) fn is_well(pinged: Result<(), Halt>) -> Result<bool, Halt> {
    match pinged {
        Ok(()) => Ok(true),
        Err(Halt::Work(WorkError::Woo(_))) => Ok(false),
        Err(halt) => Err(halt),
    }
}
