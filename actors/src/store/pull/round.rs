//! The pulls of one round, and which is next.

use std::time::Instant;

use storewire_db::checkpoints::Checkpoint;
use storewire_domain::Resource;

/// What is still to be read before the store is left alone for an interval. Lost with its actor, which then begins another.
#[derive(Default)]
pub(crate) struct Round {
    due: Vec<(Resource, &'static str)>,
    is_under_way: bool,
    /// A person asked in the middle of it: what was read by then is read once more.
    is_wanted_again: bool,
    /// When the store was last asked who and where it is.
    pub(super) introduced_at: Option<Instant>,
}

impl Round {
    /// What to read next: a walk under way first, then what was never read, then what is left of the round. `None` at its end.
    pub(crate) fn next(&mut self, checkpoints: &[Checkpoint]) -> Option<Checkpoint> {
        if !std::mem::replace(&mut self.is_under_way, true) {
            self.refill(checkpoints);
        }
        if let Some(open) = checkpoints.iter().find(|one| one.walk.is_some()) {
            self.due.retain(|due| *due != (open.resource, open.listing));
            return Some(open.clone());
        }
        if let Some(unread) = checkpoints.iter().find(|one| one.backfilled_at.is_none()) {
            self.due.retain(|due| *due != (unread.resource, unread.listing));
            return Some(unread.clone());
        }
        if self.due.is_empty() && self.is_wanted_again {
            self.refill(checkpoints);
        }
        let due = self.due.pop()?;
        checkpoints.iter().find(|one| (one.resource, one.listing) == due).cloned()
    }

    fn refill(&mut self, checkpoints: &[Checkpoint]) {
        self.is_wanted_again = false;
        self.due = checkpoints.iter().rev().map(|one| (one.resource, one.listing)).collect();
    }

    /// Everything is to be read from now on: by the round that begins next, or by another one right after this.
    pub(crate) fn want_again(&mut self) {
        self.is_wanted_again = true;
    }

    /// The next question begins another round.
    pub(crate) fn end(&mut self) {
        self.is_under_way = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listings() -> Vec<Checkpoint> {
        let read = |resource| Checkpoint {
            backfilled_at: Some(jiff::Timestamp::UNIX_EPOCH),
            ..Checkpoint::start(resource, "any")
        };
        vec![read(Resource::Orders), read(Resource::Products)]
    }

    fn rest(round: &mut Round) -> Vec<Resource> {
        std::iter::from_fn(|| round.next(&listings())).map(|one| one.resource).collect()
    }

    #[test]
    fn a_round_reads_each_listing_once_and_once_more_what_is_asked_for_in_the_middle_of_it() {
        let mut round = Round::default();
        assert_eq!(rest(&mut round), [Resource::Orders, Resource::Products]);
        round.end();
        assert_eq!(round.next(&listings()).map(|one| one.resource), Some(Resource::Orders));
        round.want_again();
        assert_eq!(rest(&mut round), [Resource::Products, Resource::Orders, Resource::Products]);
        round.end();
        // Between two rounds the next one is what was asked for.
        round.want_again();
        assert_eq!(rest(&mut round), [Resource::Orders, Resource::Products]);
    }
}
