//! A merchant's wish that a store be changed: what it is, where it stands, and why a deed about it is refused.
//!
//! A request keeps three values of the fields it is about: what its asker saw (base), what they want (the edit), and what the store holds
//! now (current). Staff decide on the last, whatever the first was.

mod decide;
mod kinds;

pub use decide::{Decision, Standing, approved, decide, is_stale};
pub use kinds::{check, may_be_asked};

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// Where a request stands.
    pub enum RequestState {
        /// Nobody has decided.
        Waiting = "waiting",
        /// On its way to the store.
        Approved = "approved",
        /// The store holds what was approved.
        Applied = "applied",
        /// What was approved could not be written; staff may decide again.
        Failed = "failed",
        Rejected = "rejected",
        /// Taken back by a merchant.
        Withdrawn = "withdrawn",
        /// Nobody decided in time.
        Expired = "expired",
    }
}

text_enum! {
    /// What happens to a request; its timeline is made of these.
    pub enum RequestEvent {
        Asked = "asked",
        Commented = "commented",
        /// The store holds something else than the asker saw, or the record is gone.
        Stale = "stale",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Reminded = "reminded",
        Expired = "expired",
        Applied = "applied",
        Failed = "failed",
        /// Brought back to be decided again, with what the store holds by now.
        Reopened = "reopened",
    }
}

text_enum! {
    /// How a quantity is meant when it is approved.
    pub enum Meaning {
        /// That number.
        Absolute = "absolute",
        /// That many more or fewer than there are by then.
        Relative = "relative",
    }
}

text_enum! {
    /// Why a deed about a request is refused: a key of the panel's texts, and a code of the API.
    pub enum RequestRefusal {
        /// Nobody decides their own request.
        FourEyes = "four_eyes",
        /// Only the platform's people decide.
        StaffOnly = "staff_only",
        /// Somebody else was faster.
        AlreadyDecided = "already_decided",
        /// It is not as the decider saw it.
        Changed = "changed",
        /// It was withdrawn, or has expired.
        NotWaiting = "not_waiting",
        /// Only one that failed is decided again.
        NotFailed = "not_failed",
        /// Another request about the same values waits already.
        AlreadyAsked = "already_asked",
        /// The store holds it already.
        NothingToChange = "nothing_to_change",
        /// Only a quantity that the store counts can be meant as so many more or fewer.
        NoMeaning = "no_meaning",
        /// So many fewer would be less than none.
        BelowZero = "below_zero",
        /// The record was deleted or thrown away.
        Gone = "gone",
        /// A rejection needs words.
        ReasonNeeded = "reason_needed",
        /// Edits of this kind are not asked for.
        NotAskable = "not_askable",
        /// What was decided on other values is not tried again; the request is decided anew.
        DecideAgain = "decide_again",
    }
}

impl RequestState {
    /// Whether somebody is to decide.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting)
    }

    /// Where it stands after an event; `None` if that cannot happen to it.
    #[must_use]
    pub const fn after(self, event: RequestEvent) -> Option<Self> {
        use RequestEvent as Event;
        Some(match (self, event) {
            (any, Event::Commented) => any,
            (Self::Waiting, Event::Stale | Event::Reminded) | (Self::Failed, Event::Reopened) => Self::Waiting,
            (Self::Waiting, Event::Approved) => Self::Approved,
            (Self::Waiting, Event::Rejected) => Self::Rejected,
            (Self::Waiting, Event::Withdrawn) => Self::Withdrawn,
            (Self::Waiting, Event::Expired) => Self::Expired,
            (Self::Approved, Event::Applied) => Self::Applied,
            (Self::Approved, Event::Failed) => Self::Failed,
            _ => return None,
        })
    }
}

impl RequestRefusal {
    /// Why, in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::FourEyes => "nobody decides their own request",
            Self::StaffOnly => "only the platform's people decide",
            Self::AlreadyDecided => "somebody has decided it already",
            Self::Changed => "it is no longer as you saw it; look at the values of now and decide on them",
            Self::NotWaiting => "it no longer waits for a decision",
            Self::NotFailed => "only a request that failed is decided again",
            Self::AlreadyAsked => "another request about the same values waits already",
            Self::NothingToChange => "the store holds that already",
            Self::NoMeaning => "only a quantity that the store counts can be meant as so many more or fewer",
            Self::BelowZero => "that many fewer would be less than none",
            Self::Gone => "the record was deleted or thrown away in the store",
            Self::ReasonNeeded => "say why it is rejected",
            Self::NotAskable => "such a change is not asked for",
            Self::DecideAgain => "it was decided on other values; decide the request again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_moves_as_the_table_says_and_no_other_way() {
        use RequestEvent as Event;
        use RequestState::{Applied, Approved, Expired, Failed, Rejected, Waiting, Withdrawn};
        let legal = [
            (Waiting, Event::Stale, Waiting),
            (Waiting, Event::Reminded, Waiting),
            (Waiting, Event::Approved, Approved),
            (Waiting, Event::Rejected, Rejected),
            (Waiting, Event::Withdrawn, Withdrawn),
            (Waiting, Event::Expired, Expired),
            (Approved, Event::Applied, Applied),
            (Approved, Event::Failed, Failed),
            (Failed, Event::Reopened, Waiting),
        ];
        for &from in RequestState::ALL {
            for &event in RequestEvent::ALL {
                let wanted = if event == Event::Commented {
                    Some(from)
                } else {
                    legal.iter().find(|(of, by, _)| (*of, *by) == (from, event)).map(|(.., to)| *to)
                };
                assert_eq!(from.after(event), wanted, "{from} after {event}");
            }
        }
    }

    #[test]
    fn every_refusal_has_words_of_its_own() {
        let words: std::collections::BTreeSet<_> = RequestRefusal::ALL.iter().map(|one| one.words()).collect();
        assert_eq!(words.len(), RequestRefusal::ALL.len());
    }
}
