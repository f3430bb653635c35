//! How the simulated actor speaks to the model store: in its turn, through whatever hangs in the sky, and learning from it.

use std::time::Duration;

use rand::Rng as _;
use storewire_woo::{Failure, WooError};

use super::{
    super::{
        duty::{Duty, Next},
        judge::{Case, Judgement, WorkError, judge, text},
        pace::{Urgency, breaker::Admission, kind::Kind},
        standing::Trouble,
    },
    plan::Sky,
    shop::Shop,
    time::{SECOND, Tick, span, ticks},
    world::{Event, Halt, World},
};

/// When we no longer wait for an answer.
const TIMEOUT: Tick = 30 * SECOND;
/// A request may be carried out for so long after it was sent, whether or not anybody waits.
const LATEST: Tick = 120 * SECOND;

/// What becomes of one request.
enum Fate {
    /// It takes so long to get there, and its answer so long to come back.
    Answered(Tick, Tick),
    /// The same, but the answer is not what was asked for.
    Spoiled(Tick, Tick, Failure),
    /// The store refuses, or never hears of it.
    Undone(Tick, WooError),
    /// Nobody hears of it again.
    Vanished,
}

impl World {
    /// Asks for something of which the store's answer proves that it is there for us.
    pub(super) fn ask<T>(&mut self, urgency: Urgency, answer: impl FnOnce(&mut Self) -> T) -> Result<T, Halt> {
        self.turn(urgency)?;
        let answer = self.send(None, answer)?;
        if let Some(memory) = &mut self.memory {
            memory.answers += 1;
        }
        Ok(answer)
    }

    /// The same for a page of a listing, from which the size of the next one is learned.
    pub(super) fn ask_page<T>(&mut self, answer: impl FnOnce(&Shop, Tick) -> T) -> Result<T, Halt> {
        let outcome = self.ask(Urgency::Background, |world| {
            world.shop.is_mute = world.is_under(Sky::Mute);
            if world.shop.is_mute {
                world.shop.muted_at = Some(world.now);
            }
            answer(&world.shop, world.now)
        });
        let error = match &outcome {
            Ok(_) => None,
            Err(Halt::Work(WorkError::Woo(error))) => Some(error),
            Err(_) => return outcome,
        };
        if let Some(memory) = self.memory.as_mut().filter(|_| !error.is_some_and(super::super::pace::is_resting)) {
            memory.mind.learn_page(error);
        }
        outcome
    }

    /// A control request.
    pub(super) fn ping(&mut self) -> Result<(), Halt> {
        self.turn(Urgency::Background)?;
        self.send(None, |_| ())
    }

    /// Sets a product's stock. A request that vanishes may be carried out late.
    pub(super) fn put_stock(&mut self, record: u64, quantity: i64) -> Result<bool, Halt> {
        self.turn(Urgency::Person)?;
        let late = Event::WriteLate { record, quantity };
        let is_there = self.send(Some(late), |world| world.write_stock(record, quantity))?;
        if let Some(memory) = &mut self.memory {
            memory.answers += 1;
        }
        Ok(is_there)
    }

    /// Waits for a turn; where it is to be a probe, that is made first.
    fn turn(&mut self, urgency: Urgency) -> Result<(), Halt> {
        self.admit()?;
        if urgency == Urgency::Background {
            let (now, ready_at) = (self.instant(), self.alive()?.ready_at);
            self.pass(ticks(ready_at.saturating_duration_since(now)))?;
        }
        if self.admit()? == Admission::Probe {
            self.send(None, |_| ())?;
        }
        let now = self.instant();
        let memory = self.alive()?;
        memory.mind.count();
        if urgency == Urgency::Background {
            memory.ready_at = now + memory.mind.interval();
        }
        Ok(())
    }

    fn admit(&mut self) -> Result<Admission, Halt> {
        let now = self.instant();
        Ok(self.alive()?.mind.admit(now)?)
    }

    pub(super) fn alive(&mut self) -> Result<&mut super::memory::Memory, Halt> {
        self.memory.as_mut().ok_or(Halt::Died)
    }

    fn send<T>(&mut self, late: Option<Event>, answer: impl FnOnce(&mut Self) -> T) -> Result<T, Halt> {
        self.edge()?;
        let sent_at = self.now;
        let outcome = match self.fate() {
            Fate::Answered(there, back) => {
                self.pass(there)?;
                let told = answer(self);
                self.edge()?;
                self.pass(back)?;
                Ok(told)
            }
            Fate::Spoiled(there, back, class) => {
                self.pass(there)?;
                answer(self);
                self.edge()?;
                self.pass(back)?;
                Err(WooError::new(class))
            }
            Fate::Undone(after, error) => {
                self.pass(after)?;
                Err(error)
            }
            Fate::Vanished => {
                if let Some(late) = late.filter(|_| self.rng.random_bool(0.6)) {
                    let at = self.now + self.rng.random_range(0..LATEST);
                    self.schedule(at, late);
                }
                self.pass(TIMEOUT)?;
                Err(WooError::new(Failure::Timeout))
            }
        };
        self.edge()?;
        let (now, took, random) = (self.instant(), span(self.now - sent_at), self.rng.random());
        let error = outcome.as_ref().err();
        let (at, memory) = (self.now, self.alive()?);
        memory.mind.learn(Kind::of(error), took, error, now, random);
        let is_well = error.is_none() && memory.mind.interval() <= span(SECOND);
        memory.well_since = if is_well { memory.well_since.or(Some(at)) } else { None };
        Ok(outcome?)
    }

    fn fate(&mut self) -> Fate {
        let (there, back) = (self.rng.random_range(SECOND / 50..SECOND), self.rng.random_range(SECOND / 50..SECOND));
        if self.is_under(Sky::Down) {
            return Fate::Undone(there, unsent(Failure::Connect));
        }
        if self.is_under(Sky::Throttled) {
            let mut error = WooError::new(Failure::Throttled);
            error.status = Some(429);
            error.retry_after = self.rng.random_bool(0.5).then(|| Duration::from_secs(self.rng.random_range(1..120)));
            return Fate::Undone(there + back, error);
        }
        if self.is_under(Sky::Flaky) && self.rng.random_bool(0.5) {
            return match self.rng.random_range(0..6) {
                0 => Fate::Undone(there, unsent(Failure::Connect)),
                1 => Fate::Undone(there + back, WooError::new(Failure::Overloaded)),
                2 => Fate::Spoiled(there, back, Failure::Overloaded),
                3 => Fate::Spoiled(there, back, Failure::Interrupted),
                4 => Fate::Spoiled(there, back, Failure::BadJson),
                _ => Fate::Vanished,
            };
        }
        if self.is_under(Sky::Slow) || self.rng.random_bool(0.1) {
            return Fate::Answered(there * self.rng.random_range(1..10), back * self.rng.random_range(1..10));
        }
        Fate::Answered(there, back)
    }

    /// What the actor does about the end of a step.
    pub(super) fn end(&mut self, duty: Duty, ended: Result<Next, Halt>) -> Result<(), Halt> {
        let now = self.instant();
        let memory = self.alive()?;
        if std::mem::replace(&mut memory.counted, memory.answers) != memory.answers {
            memory.standing.store_answered();
        }
        match ended {
            Ok(next) => {
                memory.agenda.done(duty, next, now);
                memory.standing.done(duty);
            }
            Err(Halt::Died) => return Err(Halt::Died),
            Err(Halt::Work(error)) => self.fail(duty, &error)?,
        }
        if duty != Duty::Inbox && !self.is_database_away() {
            let (at, memory) = (self.our_time(), self.alive()?);
            self.rows.budget = Some(memory.mind.budget(at, now));
        }
        Ok(())
    }

    fn fail(&mut self, duty: Duty, error: &WorkError) -> Result<(), Halt> {
        self.tell(|| format!("{} fails: {error}", duty.name()));
        let (now, random) = (self.instant(), self.rng.random());
        let config = self.config.clone();
        let memory = self.alive()?;
        let of_duty = memory.agenda.failed(duty, now);
        let (of_store, since) = memory.standing.with_one_more(now);
        let case = Case {
            error,
            duty,
            failures: of_store.max(of_duty),
            failing_for: now.duration_since(since),
            is_store_failing: memory.standing.is_store_failing(),
            random,
        };
        let judgement = judge(&case, &config);
        let closed_until = memory.mind.rests_until(now);
        memory.agenda.obey(duty, &judgement, now, closed_until);
        match judgement {
            Judgement::End => {
                self.die();
                return Err(Halt::Died);
            }
            Judgement::Duty { state, reason, .. } => {
                memory.standing.duty_failed(duty, Trouble { state, reason, error: text(error) });
            }
            Judgement::Store { state, reason, .. } => {
                let trouble = Trouble { state: Some(state), reason, error: text(error) };
                memory.standing.store_failed(trouble, now);
            }
            Judgement::Wait(_) | Judgement::Stuck(_) | Judgement::HeldBack(_) => {}
        }
        Ok(())
    }
}

/// A failure of a request that certainly never reached the store.
fn unsent(class: Failure) -> WooError {
    let mut error = WooError::resting(class, "", Duration::ZERO);
    (error.retry_after, error.code) = (None, None);
    error
}
