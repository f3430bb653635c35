//! Letters: what becomes of an e-mail after a try to send it, and how it is known if it comes twice.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{LetterId, remote::text_enum};

/// The waits between tries, in minutes, and so eight tries: long enough in all for a mail server that is mended within a working day.
const WAITS: [i64; 7] = [1, 3, 10, 30, 60, 120, 240];

/// After an end that nobody saw. The letter has most likely arrived: no haste, and time for the server to notice the same `Message-ID`.
const WAIT_AFTER_UNKNOWN: SignedDuration = SignedDuration::from_mins(15);

text_enum! {
    /// Where a letter stands.
    pub enum LetterState {
        Waiting = "waiting",
        /// A server has taken it.
        Sent = "sent",
        /// Given up on; a person may send it again.
        Failed = "failed",
    }
}

text_enum! {
    /// How one try ended, in the terms of RFC 5321.
    pub enum TryOutcome {
        /// `250` after the text.
        Sent = "sent",
        /// Certainly not taken, and perhaps later: `4xx`, no connection, or a timeout before the text's end was sent.
        Later = "later",
        /// `5xx`.
        Refused = "refused",
        /// The connection was lost after the text's end was sent: the server may have it.
        Unknown = "unknown",
    }
}

text_enum! {
    /// Why a letter failed: a key of the panel's texts.
    pub enum LetterFault {
        /// No mail server is configured; nothing waits for one, lest a month of letters go out at once.
        NoSmtp = "no_smtp",
        /// The mail server refused it.
        Refused = "refused",
        /// The last try had no luck either.
        GaveUp = "gave_up",
        /// Its address is none that mail can be sent to.
        BadAddress = "bad_address",
    }
}

/// What follows from a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another try, then.
    At(Timestamp),
    Sent,
    Failed(LetterFault),
}

/// What follows from the latest of `tries` tries (1 or more), which ended at `now`.
#[must_use]
pub fn after_try(tries: u16, outcome: TryOutcome, now: Timestamp) -> Next {
    let wait = WAITS.get(usize::from(tries.saturating_sub(1))).copied().map(SignedDuration::from_mins);
    let wait = match (outcome, wait) {
        (TryOutcome::Sent, _) => return Next::Sent,
        (TryOutcome::Refused, _) => return Next::Failed(LetterFault::Refused),
        (TryOutcome::Later | TryOutcome::Unknown, None) => return Next::Failed(LetterFault::GaveUp),
        (TryOutcome::Later, Some(wait)) => wait,
        (TryOutcome::Unknown, Some(_)) => WAIT_AFTER_UNKNOWN,
    };
    Next::At(now.checked_add(wait).unwrap_or(now))
}

/// The letter's `Message-ID` (RFC 5322, 3.6.4), the same in every try: mail systems that meet it twice show it once. `host` is the domain
/// of the sender's address.
#[must_use]
pub fn message_id(id: LetterId, host: &str) -> String {
    format!("<{id}@{host}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_server_that_is_away_is_tried_eight_times_with_longer_and_longer_waits() {
        let mut at = now();
        let mut waits = Vec::new();
        let mut tries = 0;
        let end = loop {
            tries += 1;
            match after_try(tries, TryOutcome::Later, at) {
                Next::At(next) => {
                    waits.push(next.duration_since(at).as_mins());
                    at = next;
                }
                end => break end,
            }
        };
        assert_eq!((tries, end), (8, Next::Failed(LetterFault::GaveUp)));
        assert_eq!(waits, WAITS);
        assert!(waits.is_sorted() && waits.first() == Some(&1) && waits.last() == Some(&240));
    }

    #[test]
    fn an_end_that_nobody_saw_is_tried_again_without_haste_and_not_for_ever() {
        let later = now() + SignedDuration::from_mins(15);
        for tries in 1..8 {
            assert_eq!(after_try(tries, TryOutcome::Unknown, now()), Next::At(later));
        }
        assert_eq!(after_try(8, TryOutcome::Unknown, now()), Next::Failed(LetterFault::GaveUp));
        assert_eq!(after_try(u16::MAX, TryOutcome::Unknown, now()), Next::Failed(LetterFault::GaveUp));
    }

    #[test]
    fn a_clear_answer_ends_it_at_once_whichever_try_it_was() {
        for tries in [1, 8, u16::MAX] {
            assert_eq!(after_try(tries, TryOutcome::Sent, now()), Next::Sent);
            assert_eq!(after_try(tries, TryOutcome::Refused, now()), Next::Failed(LetterFault::Refused));
        }
    }

    #[test]
    fn a_letter_keeps_its_name_through_all_its_tries() {
        let id: LetterId = "019ab0d2-7c1e-7000-8000-000000000001".parse().unwrap();
        assert_eq!(message_id(id, "example.com"), "<019ab0d2-7c1e-7000-8000-000000000001@example.com>");
    }
}
