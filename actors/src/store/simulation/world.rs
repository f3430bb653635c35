//! A world of one store and one actor: a clock that only moves when nothing is left to do, and what happens at each moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use jiff::Timestamp;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use storewire_db::{DbError, inbox::Delivery};
use storewire_domain::{DeliveryId, RemoteId, Resource, StoreId};
use storewire_woo::WooError;
use uuid::Uuid;

use super::{
    super::{
        duty::{Duty, Lane, Next},
        judge::WorkError,
    },
    memory::Memory,
    plan::{Plan, Sky},
    rows::Rows,
    shop::Shop,
    time::{MINUTE, SECOND, Tick, our_time, span, ticks},
};
use crate::EngineConfig;

/// Steps that no world has a reason for: somebody is busy for nothing.
const MOST_STEPS: u64 = 20_000;

/// Why a step ended early.
#[derive(Debug)]
pub(super) enum Halt {
    /// We died.
    Died,
    Work(WorkError),
}

impl From<WorkError> for Halt {
    fn from(error: WorkError) -> Self {
        Self::Work(error)
    }
}

impl From<WooError> for Halt {
    fn from(error: WooError) -> Self {
        Self::Work(error.into())
    }
}

/// Something that will happen.
pub(super) enum Event {
    Deed(usize),
    /// The store makes a delivery's body; it shows the record as it is then.
    Make {
        topic: String,
        hook: RemoteId,
        record: u64,
    },
    /// It reaches us, if we are there.
    Arrive {
        topic: String,
        hook: RemoteId,
        body: String,
        record: u64,
        changes: u32,
    },
    /// The actor hears that there may be mail.
    Nudge,
    /// A record is changed once more.
    ChangeAgain {
        record: u64,
        left: u32,
    },
    /// A record is deleted.
    Vanish {
        record: u64,
    },
    /// A plugin saves a record once more.
    SaveAgain {
        record: u64,
        left: u32,
    },
    /// The store carries out a request that nobody waits for any more.
    WriteLate {
        record: u64,
        quantity: i64,
    },
    /// We are started.
    Rise,
}

/// What is to go wrong at a commit.
#[derive(Clone, Copy)]
struct LostCommit {
    commits_left: u32,
    is_kept: bool,
}

/// See the module.
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) config: EngineConfig,
    pub(super) store: StoreId,
    pub(super) now: Tick,
    start: Instant,
    pub(super) rng: StdRng,
    pub(super) shop: Shop,
    pub(super) rows: Rows,
    /// `None` while we are dead.
    pub(super) memory: Option<Memory>,
    pub(super) skies: Vec<(Sky, Tick)>,
    queue: BTreeMap<(Tick, u64), Event>,
    num_events: u64,
    /// Steps of duties so far.
    pub(super) num_steps: u64,
    kill_in: Option<u32>,
    lose_commit: Option<LostCommit>,
    database_away_until: Tick,
    /// Deliveries that were answered with 2xx, by their ids.
    pub(super) acknowledged: BTreeSet<DeliveryId>,
    /// Listings of which we knew nothing that had to be on them, and that we believed to be empty, and when.
    pub(super) deaf: Vec<((Resource, &'static str), Tick)>,
    pub(super) poison: usize,
    pub(super) num_wishes: i64,
    /// What went on, if somebody wants to read it.
    pub(super) tale: Option<Vec<String>>,
}

impl World {
    pub(super) fn new(plan: &Plan, is_told: bool) -> Self {
        let url = "https://ops.example".parse().unwrap();
        let config = EngineConfig {
            page_size: plan.world.page_size,
            sweep_interval: span(12 * MINUTE),
            reconcile_interval: span(25 * MINUTE),
            // Whoever dies at every step of a batch is not to blame the batch.
            delivery_attempts: 50,
            ..EngineConfig::new(url)
        };
        let mut world = Self {
            config,
            store: StoreId(Uuid::from_u128(7)),
            now: 0,
            start: Instant::now(),
            rng: StdRng::seed_from_u64(plan.seed ^ 0x5eed),
            shop: Shop::new(plan.world.clock_ahead, plan.world.lacks_totals),
            rows: Rows::new(),
            memory: None,
            skies: Vec::new(),
            queue: BTreeMap::new(),
            num_events: 0,
            num_steps: 0,
            kill_in: None,
            lose_commit: None,
            database_away_until: 0,
            acknowledged: BTreeSet::new(),
            deaf: Vec::new(),
            poison: 0,
            num_wishes: 0,
            tale: is_told.then(Vec::new),
            plan: plan.clone(),
        };
        world.populate();
        for (index, deed) in plan.deeds.iter().enumerate() {
            world.schedule(deed.at, Event::Deed(index));
        }
        world.schedule(0, Event::Rise);
        world
    }

    pub(super) fn instant(&self) -> Instant {
        self.start + span(self.now)
    }

    pub(super) fn our_time(&self) -> Timestamp {
        our_time(self.now)
    }

    pub(super) fn tell(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(tale) = &mut self.tale {
            tale.push(format!("{:>9.3} s  {}", span(now).as_secs_f64(), line()));
        }
    }

    pub(super) fn schedule(&mut self, at: Tick, event: Event) {
        self.num_events += 1;
        self.queue.insert((at.max(self.now), self.num_events), event);
    }

    /// Whether word of something is still on its way.
    pub(super) fn is_anything_coming(&self) -> bool {
        self.memory.is_none() || self.queue.values().any(|event| !matches!(event, Event::Nudge))
    }

    /// Since when the store and the database have served us well, if they do.
    pub(super) fn well_since(&self) -> Option<Tick> {
        let well_since = self.memory.as_ref()?.well_since?;
        Some(well_since.max(self.database_away_until))
    }

    /// Ends all trouble. What is on its way arrives all the same.
    pub(super) fn calm_down(&mut self) {
        self.skies.clear();
        (self.kill_in, self.lose_commit, self.database_away_until) = (None, None, self.now);
        self.shop.is_mute = false;
        self.tell(|| "trouble ends".to_owned());
    }

    /// Lives until a moment.
    pub(super) fn live_until(&mut self, until: Tick) {
        while !self.is_restless() {
            // Whoever dies in a step has left nothing but rows.
            if self.work().is_err() {
                continue;
            }
            if !self.go_on(until) {
                break;
            }
        }
        self.now = until;
    }

    /// Lets time pass inside a step of the hand that speaks to the store; the other hand works on.
    pub(super) fn pass(&mut self, time: Tick) -> Result<(), Halt> {
        let until = self.now + time;
        while !self.is_restless() {
            self.work_at_desk()?;
            if !self.go_on(until) {
                break;
            }
            if self.memory.is_none() {
                return Err(Halt::Died);
            }
        }
        self.now = until;
        Ok(())
    }

    /// Moves on to what is next, if that is no later than `until`.
    fn go_on(&mut self, until: Tick) -> bool {
        let event = self.queue.keys().next().map(|(at, _)| *at);
        let wake = self.memory.as_ref().and_then(|memory| memory.agenda.wake_at());
        let wake = wake.map(|at| ticks(at.saturating_duration_since(self.start)));
        let Some(next) = [event, wake].into_iter().flatten().min().filter(|next| *next <= until) else {
            return false;
        };
        self.now = self.now.max(next);
        while let Some(entry) = self.queue.first_entry()
            && entry.key().0 <= self.now
        {
            let event = entry.remove();
            self.happen(event);
        }
        true
    }

    /// Does all that can be done now.
    fn work(&mut self) -> Result<(), Halt> {
        while !self.is_restless() {
            self.work_at_desk()?;
            let now = self.instant();
            let Some(memory) = &mut self.memory else { return Ok(()) };
            let quiet_until = memory.mind.quiet_until.filter(|until| *until > now);
            memory.agenda.keep_quiet(quiet_until.unwrap_or(now));
            memory.agenda.budget_from(memory.ready_at);
            let Some(duty) = memory.agenda.next(Lane::Store, now) else { return Ok(()) };
            memory.agenda.begin(duty);
            let ended = self.step(duty);
            self.end(duty, ended)?;
        }
        Ok(())
    }

    fn work_at_desk(&mut self) -> Result<(), Halt> {
        while !self.is_restless() {
            let now = self.instant();
            let Some(memory) = &mut self.memory else { return Ok(()) };
            for duty in std::mem::take(&mut memory.woken) {
                memory.agenda.nudge(duty, now);
            }
            let Some(duty) = memory.agenda.next(Lane::Desk, now) else { return Ok(()) };
            memory.agenda.begin(duty);
            let ended = self.step(duty);
            self.end(duty, ended)?;
        }
        Ok(())
    }

    /// Whether we are busier than anything here could be a reason for.
    pub(super) fn is_restless(&self) -> bool {
        self.num_steps > MOST_STEPS
    }

    fn step(&mut self, duty: Duty) -> Result<Next, Halt> {
        self.num_steps += 1;
        self.see_database()?;
        match duty {
            Duty::Inbox => self.read_mail(),
            Duty::Mend => Ok(Next::Nudged),
            Duty::Outbox => self.write_intent(),
            Duty::Rechecks => self.ask_about_one(),
            Duty::Hooks => self.look_at_hooks(),
            Duty::Pull => self.pull(),
            Duty::Sweep => self.sweep(),
        }
    }

    /// A place where we may die: between any two things that others can see.
    pub(super) fn edge(&mut self) -> Result<(), Halt> {
        match &mut self.kill_in {
            None => return Ok(()),
            Some(0) => {}
            Some(steps) => {
                *steps -= 1;
                return Ok(());
            }
        }
        self.die();
        Err(Halt::Died)
    }

    pub(super) fn die(&mut self) {
        self.tell(|| "we die".to_owned());
        (self.kill_in, self.memory) = (None, None);
        let rise = self.now + self.rng.random_range(SECOND / 5..3 * SECOND);
        self.schedule(rise, Event::Rise);
    }

    pub(super) fn arm_kill(&mut self, steps: u32) {
        self.kill_in = self.memory.is_some().then_some(steps);
    }

    pub(super) fn arm_lost_commit(&mut self, commits_left: u32, is_kept: bool) {
        self.lose_commit = Some(LostCommit { commits_left, is_kept });
    }

    pub(super) fn take_database(&mut self, until: Tick) {
        self.database_away_until = until;
    }

    pub(super) fn is_database_away(&self) -> bool {
        self.now < self.database_away_until
    }

    fn see_database(&self) -> Result<(), Halt> {
        if self.is_database_away() {
            return Err(Halt::Work(DbError::Unavailable("the database is away".into()).into()));
        }
        Ok(())
    }

    /// Commits a change of the rows, or does not.
    pub(super) fn commit<T>(&mut self, change: impl FnOnce(&mut Rows, Timestamp) -> T) -> Result<T, Halt> {
        self.edge()?;
        self.see_database()?;
        let now = self.our_time();
        if let Some(lost) = &mut self.lose_commit {
            if lost.commits_left > 0 {
                lost.commits_left -= 1;
            } else {
                let is_kept = lost.is_kept;
                self.lose_commit = None;
                self.tell(|| format!("the outcome of a commit is lost, kept: {is_kept}"));
                if is_kept {
                    change(&mut self.rows, now);
                }
                // What follows is the same for every outcome that is not known: the actor ends.
                return Err(Halt::Work(DbError::Fenced.into()));
            }
        }
        let kept = change(&mut self.rows, now);
        self.edge()?;
        Ok(kept)
    }

    /// A delivery is at our door: durable before it is answered, or not taken.
    pub(super) fn take_in(&mut self, topic: String, body: String) -> bool {
        if self.memory.is_none() || self.is_database_away() {
            return false;
        }
        let id = DeliveryId(Uuid::from_u128(1 + self.rows.inbox.len() as u128));
        let delivery = Delivery {
            id,
            received_at: self.our_time(),
            topic,
            webhook_id: String::new(),
            delivery_id: String::new(),
            source: String::new(),
            body: body.into_bytes(),
            attempts: 0,
        };
        self.rows.receive(delivery);
        self.acknowledged.insert(id);
        // A nudge can be lost; then the supervisor's own timer comes round.
        let at = self.now + if self.rng.random_bool(0.7) { 0 } else { 2 * SECOND };
        self.schedule(at, Event::Nudge);
        true
    }
}
