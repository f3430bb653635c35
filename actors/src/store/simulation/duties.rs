//! The duties of a simulated actor: the same decisions in the same order as in production, between questions that a model answers and
//! commits that a model keeps.

mod hooks;
mod inbox;
mod outbox;
mod pull;
mod rechecks;
mod sweep;

use std::time::Duration;

use rand::Rng as _;
use storewire_db::rechecks::NewRecheck;

use super::{
    super::{compare::Plan, duty::Duty, early, follow::wishes, keep::Along},
    world::{Halt, World},
};

impl World {
    /// Carries out a plan and commits it with what goes along.
    fn keep(&mut self, plan: &Plan, along: Along<'_>) -> Result<(), Halt> {
        self.keep_and(plan, along, |_, _| ())
    }

    /// The same, with something more in the same commit.
    fn keep_and<T>(
        &mut self,
        plan: &Plan,
        mut along: Along<'_>,
        more: impl FnOnce(&mut super::rows::Rows, jiff::Timestamp) -> T,
    ) -> Result<T, Halt> {
        let rechecks: Vec<NewRecheck> = wishes(plan, std::mem::take(&mut along.rechecks), self.our_time());
        let has_wishes = !rechecks.is_empty();
        along.rechecks = rechecks;
        let kept = self.commit(|rows, now| {
            rows.keep(plan, along, now);
            more(rows, now)
        })?;
        if has_wishes {
            self.wake(Duty::Rechecks);
        }
        Ok(kept)
    }

    fn wake(&mut self, duty: Duty) {
        if let Some(memory) = &mut self.memory {
            memory.woken.push(duty);
        }
    }

    /// Moves to what is asked what would be stored for the first time although its end was announced.
    fn doubt_ended(&self, plan: &mut Plan) {
        let announced = early::announcements(plan);
        early::doubt(plan, announced, |topic, body| self.rows.is_early(topic, body));
    }

    /// An interval, a tenth shorter to a tenth longer.
    fn jittered(&mut self, interval: Duration) -> Duration {
        let tenth = interval / 10;
        interval - tenth + self.rng.random_range(Duration::ZERO..=tenth * 2)
    }
}
