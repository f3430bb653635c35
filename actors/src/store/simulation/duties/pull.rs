//! Reads what changed, page by page.

use jiff::{Timestamp, tz::TimeZone};
use storewire_db::{checkpoints::Checkpoint, sweeps::Stretch};
use storewire_domain::{Resource, Source, window::Window};

use super::super::{
    super::{
        compare::plan,
        duty::{Duty, Next},
        keep::Along,
        listing::Ask,
        pull::{
            place::Answer,
            versions,
            walk::{self, After, Asked, Opening},
        },
        record::{Key, Record},
    },
    world::{Halt, World},
};

impl World {
    pub(in super::super) fn pull(&mut self) -> Result<Next, Halt> {
        let checkpoints = self.rows.checkpoints.clone();
        let is_imported = checkpoints.iter().all(|one| one.backfilled_at.is_some());
        let memory = self.alive()?;
        if is_imported && !std::mem::replace(&mut memory.is_imported, is_imported) {
            memory.woken.push(Duty::Sweep);
        }
        if std::mem::take(&mut memory.is_pull_wanted) {
            memory.round.want_again();
        }
        if let Some(checkpoint) = memory.round.next(&checkpoints) {
            return self.read_page(checkpoint);
        }
        memory.round.end();
        let interval = self.config.pull_interval;
        Ok(Next::In(self.jittered(interval)))
    }

    fn read_page(&mut self, mut checkpoint: Checkpoint) -> Result<Next, Halt> {
        let source = if checkpoint.backfilled_at.is_none() { Source::Backfill } else { Source::Pull };
        let (window, is_widened) = match checkpoint.walk {
            Some(window) => (window, false),
            None => self.open_window(&mut checkpoint)?,
        };
        let per_page = self.alive()?.mind.page_size();
        let asked = Asked { window, is_widened, page: walk::next_page(&checkpoint, per_page), per_page };
        let (resource, listing) = (checkpoint.resource, checkpoint.listing);
        let ask = Ask { resource, listing, window: Some(window), page: asked.page, per_page };
        let asked_at = self.our_time();
        let read = self.ask_page(|shop, now| shop.records_page(&ask, now))?;
        let now = self.our_time();
        self.alive()?.learn_clock(read.store_now, now);
        let shown = walk::Shown {
            is_empty: read.items.is_empty(),
            newest: read.items.iter().filter_map(Record::modified_at).max(),
            answer: Answer { total: read.total, is_last: read.is_last },
        };
        self.tell(|| format!("page {} of {resource} ({listing}) {window:?}: {} rows", ask.page, read.items.len()));
        let knows_any = checkpoint.newest.is_some();
        match walk::after_page(&mut checkpoint, asked, shown, now) {
            After::TooMany => {}
            After::Doubt => return self.doubt(checkpoint, asked, ask, read.total),
            After::Store => {
                if shown.is_empty && self.shop.is_mute && !knows_any {
                    self.deaf.push(((resource, listing), self.now));
                }
                self.store_page(checkpoint, source, read.items, asked_at)?;
                return Ok(Next::Now);
            }
        }
        self.commit(|rows, _| rows.save_checkpoint(checkpoint))?;
        Ok(Next::Now)
    }

    fn open_window(&mut self, checkpoint: &mut Checkpoint) -> Result<(Window, bool), Halt> {
        if self.alive()?.clock_ahead.is_none() {
            self.count(Resource::Orders, "any", None)?;
        }
        let (now, overlap) = (self.our_time(), self.config.pull_overlap);
        let memory = self.alive()?;
        let opening = Opening {
            now,
            store_now: memory.store_now(now).unwrap_or(now),
            clock_ahead: memory.clock_ahead,
            overlap,
            zone: &TimeZone::UTC,
        };
        Ok(walk::open(checkpoint, &opening))
    }

    fn count(&mut self, resource: Resource, listing: &'static str, window: Option<Window>) -> Result<i64, Halt> {
        let ask = Ask { resource, listing, window, page: 1, per_page: 1 };
        let read = self.ask_page(|shop, now| shop.glances_page(&ask, now))?;
        let now = self.our_time();
        self.alive()?.learn_clock(read.store_now, now);
        Ok(read.total.unwrap_or(i64::try_from(read.items.len()).unwrap_or(0)))
    }

    /// Nothing is where something should be.
    fn doubt(&mut self, mut checkpoint: Checkpoint, asked: Asked, ask: Ask, told: Option<i64>) -> Result<Next, Halt> {
        let total = match told.filter(|total| *total > 0) {
            None => self.count_anew(asked, ask)?,
            told => told,
        };
        if let Some(total) = total {
            let all = Stretch { after: -1, up_to: i64::MAX };
            if self.shop.is_mute && self.rows.held(ask.resource, ask.listing, all).is_empty() {
                self.deaf.push(((ask.resource, ask.listing), self.now));
            }
            walk::after_empty(&mut checkpoint, asked, total, self.our_time());
        } else {
            self.tell(|| "an empty list is not believed".to_owned());
            if ask.page > 1 {
                let wait = self.config.retry.delay(4, 1.0);
                return Ok(Next::In(self.jittered(wait)));
            }
            walk::abandon(&mut checkpoint);
        }
        self.commit(|rows, _| rows.save_checkpoint(checkpoint))?;
        Ok(Next::Now)
    }

    fn count_anew(&mut self, asked: Asked, ask: Ask) -> Result<Option<i64>, Halt> {
        let mut counted = self.count(ask.resource, ask.listing, ask.window)?;
        if counted == 0 {
            if !self.is_listing_well(ask)? {
                return Ok(None);
            }
            counted = self.count(ask.resource, ask.listing, ask.window)?;
        }
        Ok((!walk::is_contradicted(asked, counted)).then_some(counted))
    }

    /// Whether the listing shows anything at all, or we hold nothing of it either.
    fn is_listing_well(&mut self, ask: Ask) -> Result<bool, Halt> {
        if self.count(ask.resource, ask.listing, None)? > 0 {
            return Ok(true);
        }
        let all = Stretch { after: -1, up_to: i64::MAX };
        Ok(self.rows.held(ask.resource, ask.listing, all).is_empty())
    }

    fn store_page(
        &mut self,
        checkpoint: Checkpoint,
        source: Source,
        records: Vec<Record>,
        asked_at: Timestamp,
    ) -> Result<(), Halt> {
        let incoming = versions(records, source, asked_at, self.our_time());
        let keys: Vec<Key> = incoming.iter().map(|version| version.record.key()).collect();
        let mut plan = plan(self.rows.holdings(&keys), incoming);
        self.doubt_ended(&mut plan);
        self.keep(&plan, Along { checkpoint: Some(checkpoint), ..Along::default() })
    }
}
