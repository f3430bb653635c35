//! The pulls of one round, and which is next.

use std::time::Instant;

use storewire_db::checkpoints::Checkpoint;
use storewire_domain::Resource;

/// What is still to be read before the store is left alone for an interval. Lost with its actor, which then begins another.
#[derive(Default)]
pub(crate) struct Round {
    due: Vec<(Resource, &'static str)>,
    is_under_way: bool,
    /// When the store was last asked who and where it is.
    pub(super) introduced_at: Option<Instant>,
}

impl Round {
    /// What to read next: a walk under way first, then what was never read, then what is left of the round. `None` at its end.
    pub(super) fn next(&mut self, checkpoints: &[Checkpoint]) -> Option<Checkpoint> {
        if !std::mem::replace(&mut self.is_under_way, true) {
            self.due = checkpoints.iter().rev().map(|one| (one.resource, one.listing)).collect();
        }
        if let Some(open) = checkpoints.iter().find(|one| one.walk.is_some()) {
            self.due.retain(|due| *due != (open.resource, open.listing));
            return Some(open.clone());
        }
        if let Some(unread) = checkpoints.iter().find(|one| one.backfilled_at.is_none()) {
            self.due.retain(|due| *due != (unread.resource, unread.listing));
            return Some(unread.clone());
        }
        let due = self.due.pop()?;
        checkpoints.iter().find(|one| (one.resource, one.listing) == due).cloned()
    }

    /// The next question begins another round.
    pub(super) fn end(&mut self) {
        self.is_under_way = false;
    }
}
