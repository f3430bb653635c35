//! Applies waiting deliveries.

use jiff::SignedDuration;
use storewire_db::inbox::Delivery;

use super::super::{
    super::{
        compare::{Plan, plan},
        duty::Next,
        intake::{
            Waiting, asked, decide,
            sort::{Rules, Sorted, latest_date, sort},
            verdicts, versions,
        },
        keep::Along,
        record::Key,
        source::Places,
        storm::Limits,
    },
    world::{Halt, World},
};

impl World {
    pub(in super::super) fn read_mail(&mut self) -> Result<Next, Halt> {
        let limit = self.config.inbox_batch;
        let waiting = Waiting::of(self.rows.pending(limit as usize), limit);
        if waiting.batch.is_empty() {
            self.alive()?.trusts_mail = true;
            return self.look_at_storms();
        }
        let counts = !self.alive()?.trusts_mail;
        if counts {
            self.commit(|rows, _| rows.count_attempts(&waiting.batch, 1))?;
        }
        match self.apply(&waiting.batch) {
            Ok(()) if waiting.has_more => Ok(Next::Now),
            Ok(()) => {
                self.alive()?.trusts_mail = true;
                self.look_at_storms()
            }
            Err(Halt::Work(error)) if counts => {
                self.commit(|rows, _| rows.count_attempts(&waiting.batch, -1))?;
                Err(error.into())
            }
            Err(halt) => Err(halt),
        }
    }

    fn look_at_storms(&mut self) -> Result<Next, Halt> {
        let (now, window) = (self.our_time(), self.config.storm_window);
        let mut storms = self.alive()?.storms.lock().unwrap();
        storms.take_over(window, now);
        Ok(if storms.is_stormy() { Next::In(window) } else { Next::Nudged })
    }

    fn apply(&mut self, batch: &[Delivery]) -> Result<(), Halt> {
        let now = self.our_time();
        let config = &self.config;
        let memory = self.memory.as_ref().ok_or(Halt::Died)?;
        let rules = Rules {
            store: self.store,
            now,
            latest: latest_date(memory.store_now(now).unwrap_or(now)),
            attempts: config.delivery_attempts,
            storms: &memory.storms,
            storm: Limits { deliveries: config.storm_limit, window: config.storm_window },
            storm_rest: SignedDuration::try_from(config.storm_rest).unwrap(),
        };
        let mut sorted: Sorted<'_> = sort(&rules, &Places::new("https://shop.example", []), batch);
        let (incoming, doubtful) = versions(&sorted);
        let keys: Vec<Key> = incoming.iter().map(|version| version.record.key()).collect();
        let mut plan: Plan = plan(self.rows.holdings(&keys), incoming);
        plan.ask.extend(doubtful);
        self.doubt_ended(&mut plan);
        decide(&plan, &mut sorted);
        let along = Along {
            rechecks: asked(&plan, &mut sorted, now),
            verdicts: verdicts(batch, sorted.verdicts),
            dead: sorted.dead,
            ..Along::default()
        };
        self.keep(&plan, along)
    }
}
