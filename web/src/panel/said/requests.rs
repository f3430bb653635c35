//! What became of a deed about a request.

use storewire_domain::request::RequestRefusal;

use crate::panel::{view::Notice, words::Words};

/// The notice for a word; an unknown one says nothing.
pub(super) fn notice(word: &str, t: &Words) -> Option<Notice> {
    let good = match word {
        "asked" => t.get("request-said-asked"),
        "approved" => t.get("request-said-approved"),
        "rejected" => t.get("request-said-rejected"),
        "commented" => t.get("request-said-commented"),
        "withdrawn" => t.get("request-said-withdrawn"),
        "reopened" => t.get("request-said-reopened"),
        other => return refused(other.parse().ok()?, t),
    };
    Some(Notice { tone: "info", icon: "circle-check", text: good })
}

/// Why a deed was refused; some refusals are told by a page of their own.
fn refused(why: RequestRefusal, t: &Words) -> Option<Notice> {
    let text = match why {
        RequestRefusal::FourEyes => t.get("request-fault-four-eyes"),
        RequestRefusal::NotWaiting => t.get("request-fault-not-waiting"),
        RequestRefusal::NotFailed => t.get("request-fault-not-failed"),
        RequestRefusal::AlreadyAsked => t.get("request-fault-already-asked"),
        RequestRefusal::NothingToChange => t.get("request-fault-nothing"),
        RequestRefusal::NoMeaning => t.get("request-fault-no-meaning"),
        RequestRefusal::BelowZero => t.get("request-fault-below-zero"),
        RequestRefusal::ReasonNeeded => t.get("request-fault-reason"),
        RequestRefusal::NotAskable => t.get("request-fault-not-askable"),
        RequestRefusal::StaffOnly
        | RequestRefusal::AlreadyDecided
        | RequestRefusal::Changed
        | RequestRefusal::Gone
        | RequestRefusal::DecideAgain => return None,
    };
    Some(Notice { tone: "bad", icon: "circle-alert", text })
}
