//! Walks everything that the store lists.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use storewire_db::{
    rechecks::NewRecheck,
    sweeps::{HeldRow, Sweep},
};
use storewire_domain::{Purpose, RemoteId, Resource};

use super::super::{
    super::{
        compare::{Plan, plan},
        duty::Next,
        follow::wish_at,
        keep::Along,
        listing::Ask,
        pace::Urgency,
        pull::versions,
        record::{Key, Noun},
        sweep::{
            progress::{self, Shown},
            schedule::{Rhythm, Task, next_task},
            source,
            spot_check::samples,
            tell::{self, Seen},
        },
    },
    time::SECOND,
    time::span,
    world::{Halt, World},
};

impl World {
    pub(in super::super) fn sweep(&mut self) -> Result<Next, Halt> {
        let imported_at = self.rows.checkpoints.iter().map(|one| one.backfilled_at).min().flatten();
        let Some(imported_at) = imported_at else { return Ok(Next::Nudged) };
        let now = self.our_time();
        let rhythm = Rhythm {
            sweep_interval: self.config.sweep_interval,
            reconcile_interval: self.config.reconcile_interval,
            zone: TimeZone::UTC,
            seed: (self.plan.seed % 256) as u8,
        };
        match next_task(&self.rows.sweeps, self.rows.count_walked() > 0, &rhythm, imported_at, now) {
            Task::Begin(purpose) => self.commit(|rows, now| rows.begin_sweep(purpose, now))?,
            Task::Walk(walk) if walk.resource == Resource::Variations => {
                let ended = Sweep { finished_at: Some(now), ..walk };
                self.commit(|rows, _| rows.save_sweep(ended))?;
            }
            Task::Walk(walk) => self.walk_page(walk)?,
            Task::Settle => return Ok(Next::In(span(SECOND / 2))),
            Task::Close(purpose) => self.commit(|rows, now| rows.close_sweep(purpose, now))?,
            Task::Wait(until) => {
                return Ok(Next::In(until.duration_since(now).max(SignedDuration::ZERO).unsigned_abs()));
            }
        }
        Ok(Next::Now)
    }

    fn walk_page(&mut self, mut walk: Sweep) -> Result<(), Halt> {
        let per_page = self.alive()?.mind.page_size();
        let number = progress::next_page(&walk, per_page);
        let ask = Ask { resource: walk.resource, listing: walk.listing, window: None, page: number, per_page };
        let asked_at = self.our_time();
        let read = self.ask_page(|shop, now| (shop.records_page(&ask, now), shop.glances_page(&ask, now).items))?;
        let (read, glances) = read;
        if let Some(back) = progress::slipped(&walk, read.total) {
            return self.commit(|rows, _| rows.save_sweep(back));
        }
        let ids: Vec<RemoteId> = glances.iter().map(|glance| glance.remote_id.clone()).collect();
        let held = self.rows.held(walk.resource, walk.listing, progress::stretch(&walk, &ids, read.is_last));
        let absent = progress::absent(&held, &ids, asked_at);
        let is_believed = self.is_believed(&walk, &absent, held.len())?;
        let now = self.our_time();
        let mut rechecks = if is_believed { progress::absences(&walk, &absent, now) } else { Vec::new() };
        self.tell(|| {
            let Sweep { purpose, resource, listing, .. } = walk;
            format!(
                "{purpose} of {resource} ({listing}): {} rows, absent {}, believed: {is_believed}",
                ids.len(),
                absent.len()
            )
        });
        let (purpose, resource) = (walk.purpose, walk.resource);
        let shown = Shown { page: number, per_page, total: read.total, is_last: read.is_last };
        let before = walk.clone();
        progress::pass(&mut walk, &ids, shown, is_believed, now);
        let mut plan_of_it = Plan::default();
        if purpose == Purpose::Reconcile || resource == Resource::Customers {
            let incoming = versions(read.items, source(purpose), asked_at, now);
            let keys: Vec<Key> = incoming.iter().map(|version| version.record.key()).collect();
            plan_of_it = plan(self.rows.holdings(&keys), incoming);
        } else {
            let strangers = tell::strangers(&before, &glances, &held);
            let seen = Seen { held: &held, asked_at, as_of: Timestamp::UNIX_EPOCH };
            let doubts = tell::judge(&before, &glances, &self.rows.holdings(&strangers), seen);
            let noun = Noun::from(resource);
            let wish =
                |id: RemoteId| -> NewRecheck { wish_at(now, &(noun, id), noun.into(), "drift", source(purpose)) };
            rechecks.extend(doubts.ids.into_iter().map(wish));
        }
        let along = Along { rechecks, ..Along::default() };
        self.keep_and(&plan_of_it, along, |rows, _| rows.save_sweep(walk))
    }

    /// Whether the absence of these is believed; where many are absent, a few are asked for.
    fn is_believed(&mut self, walk: &Sweep, absent: &[&HeldRow], held: usize) -> Result<bool, Halt> {
        for row in samples(walk.resource, absent, held) {
            let id = row.remote_id.clone();
            if self.ask(Urgency::Background, |world| world.shop.one(&id))?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
