//! From where to look for waiting mail: what was walked over once is not walked over again, and most days are left alone.

use jiff::{SignedDuration, Timestamp};
use storewire_domain::DeliveryId;

/// Mail is a day's. What is handled again, or has waited for longer, is looked for so often: each day more is a table more to look into.
const ALL_DAYS: SignedDuration = SignedDuration::from_secs(2);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// See the module. Lost with its actor, which then looks at everything.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// When nothing waited, from whatever day.
    all_seen_at: Option<Timestamp>,
    /// The last delivery of a batch behind which more waits.
    after: Option<DeliveryId>,
}

/// What a look takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) after: Option<DeliveryId>,
    pub(crate) times: (Timestamp, Timestamp),
    takes_all: bool,
}

impl Place {
    /// What is to be looked at now. A look that does not end with `handled_up_to` leaves the next one to begin again.
    pub(crate) fn reach(&mut self, now: Timestamp) -> Reach {
        let after = self.after.take();
        // A clock that was set back leaves mail from its future behind.
        let all = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let near = (now.saturating_sub(DAY).unwrap_or(all.0), now.saturating_add(DAY).unwrap_or(all.1));
        let is_due = self.all_seen_at.is_none_or(|at| now < at || now.duration_since(at) > ALL_DAYS);
        let is_far = is_due || after.is_some();
        Reach { after, times: if is_far { all } else { near }, takes_all: is_far && after.is_none() }
    }

    /// All that was in reach was handled.
    pub(crate) const fn handled_all(&mut self, of: Reach, now: Timestamp) {
        if of.takes_all {
            self.all_seen_at = Some(now);
        }
    }

    /// Everything up to this delivery was handled, and more waits. What is stored late, with an earlier id, is found at the next beginning.
    pub(crate) const fn handled_up_to(&mut self, last: DeliveryId) {
        self.after = Some(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_new_actor_looks_at_every_day_and_again_every_two_seconds_and_else_at_todays() {
        let mut place = Place::default();
        let first = place.reach(at(0));
        assert_eq!((first.after, first.times), (None, (Timestamp::UNIX_EPOCH, Timestamp::MAX)));
        place.handled_all(first, at(0));
        let near = place.reach(at(1));
        assert_eq!(near.times, (at(1) - DAY, at(1) + DAY));
        place.handled_all(near, at(1));
        assert_eq!(place.reach(at(3)).times, first.times);
        assert_eq!(place.reach(at(-1)).times, first.times, "a clock that was set back");
    }

    #[test]
    fn a_backlog_is_walked_through_once_and_nothing_of_it_counts_as_seen() {
        let mut place = Place::default();
        let last = DeliveryId::fresh();
        place.handled_up_to(last);
        let next = place.reach(at(0));
        assert_eq!((next.after, next.times), (Some(last), (Timestamp::UNIX_EPOCH, Timestamp::MAX)));
        place.handled_all(next, at(0));
        // What came late, with an earlier id, is still to be found.
        let again = place.reach(at(0));
        assert_eq!((again.after, again.times.1), (None, Timestamp::MAX));
    }

    #[test]
    fn a_look_that_came_to_nothing_is_begun_again_from_the_start() {
        let mut place = Place::default();
        let last = DeliveryId::fresh();
        place.handled_up_to(last);
        assert_eq!(place.reach(at(0)).after, Some(last));
        assert_eq!(place.reach(at(0)).after, None);
    }
}
