//! What becomes of a record that the store does not have, and when one in doubt or unread is asked about once more. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use storewire_db::rechecks::{NewRecheck, Recheck};
use storewire_domain::retry::RetryPolicy;

use super::super::{
    follow::wish_at,
    record::{Held, Key},
};

/// What the store's "I have no such record" means for our copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// We hold none either.
    Settled,
    /// Word of it came while the store was asked: it is asked once more.
    Overtaken,
    /// It is marked as gone.
    Bury,
}

/// Judges what we hold of a record that the store was asked for at `asked_at` and did not have.
pub(crate) fn fate(held: Option<&Held>, asked_at: Timestamp) -> Fate {
    match held {
        Some(held) if held.is_deleted => Fate::Settled,
        Some(held) if held.saved_at > asked_at => Fate::Overtaken,
        Some(_) => Fate::Bury,
        None => Fate::Settled,
    }
}

/// The wish to ask once more, when what changed meanwhile has come to rest.
pub(crate) fn again(key: &Key, wanted: &Recheck, now: Timestamp, rest: Duration) -> NewRecheck {
    let rest = SignedDuration::try_from(rest).unwrap_or(SignedDuration::ZERO);
    let due_at = now.checked_add(rest).unwrap_or(now);
    NewRecheck { received_at: wanted.received_at, ..wish_at(due_at, key, key.0.into(), "doubtful", wanted.source) }
}

/// Whether the next failure over a record would set it aside, so that the store must prove first that it is well.
pub(crate) const fn is_proof_due(wanted: &Recheck, tries: i16) -> bool {
    wanted.attempts.saturating_add(1) >= tries
}

/// When a record that could not be read is tried again; `None` if that was the last of its `tries`. `random` is uniform in 0..=1.
pub(crate) fn next_try(
    wanted: &Recheck,
    tries: i16,
    retry: &RetryPolicy,
    random: f64,
    now: Timestamp,
) -> Option<Timestamp> {
    let attempts = wanted.attempts.saturating_add(1);
    if attempts >= tries {
        return None;
    }
    let wait = retry.delay(u32::from(attempts.unsigned_abs()), random);
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::ZERO);
    Some(now.checked_add(wait).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use uuid::Uuid;

    use super::*;

    fn second(at: i64) -> Timestamp {
        Timestamp::from_second(at).unwrap()
    }

    #[test]
    fn nothing_is_buried_that_was_heard_of_while_it_was_asked_for() {
        let held = |saved_at: i64, is_deleted: bool| Held {
            id: Uuid::nil(),
            modified_at: None,
            content_hash: Vec::new(),
            lines_hash: None,
            saved_at: second(saved_at),
            read_at: None,
            is_trashed: false,
            is_deleted,
            fields: BTreeMap::new(),
            refunds: HashMap::new(),
            has_variations: false,
            count: None,
        };
        assert_eq!(fate(Some(&held(5, false)), second(10)), Fate::Bury);
        assert_eq!(fate(Some(&held(11, false)), second(10)), Fate::Overtaken);
        assert_eq!([fate(Some(&held(11, true)), second(10)), fate(None, second(10))], [Fate::Settled; 2]);
    }
}
