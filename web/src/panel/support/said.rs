//! What became of a deed in support, in words.

use crate::panel::{view::Notice, words::Words};

/// The notice for a word of support; `None` for one that is not.
#[must_use]
pub fn notice(word: &str, t: &Words) -> Option<Notice> {
    let good = |text| Some(Notice { tone: "info", icon: "circle-check", text });
    let bad = |text| Some(Notice { tone: "bad", icon: "circle-alert", text });
    match word {
        "ticket_opened" => good(t.get("said-ticket-opened")),
        "ticket_said" => good(t.get("said-ticket-said")),
        "ticket_noted" => good(t.get("said-ticket-noted")),
        "ticket_assigned" => good(t.get("said-ticket-assigned")),
        "ticket_prioritised" => good(t.get("said-ticket-prioritised")),
        "ticket_closed" => good(t.get("said-ticket-closed")),
        "ticket_reopened" => good(t.get("said-ticket-reopened")),
        "ticket_acted" => good(t.get("said-ticket-acted")),
        "ticket_changed" => bad(t.get("said-ticket-changed")),
        "ticket_same" => bad(t.get("said-ticket-same")),
        "ticket_empty" => bad(t.get("said-ticket-empty")),
        "ticket_too_long" => bad(t.get("said-ticket-too-long")),
        "ticket_bad_text" => bad(t.get("said-ticket-bad-text")),
        "ticket_not_staff" => bad(t.get("said-ticket-not-staff")),
        "ticket_full" => bad(t.get("said-ticket-full")),
        "ticket_too_many" => bad(t.get("said-ticket-too-many")),
        "ticket_four_eyes" => bad(t.get("said-ticket-four-eyes")),
        "ticket_reason" => bad(t.get("said-ticket-reason")),
        "ticket_decided" => bad(t.get("said-ticket-decided")),
        "ticket_refused" => bad(t.get("said-ticket-refused")),
        _ => None,
    }
}
