//! What became of a deed, told once on the page that its form returned to.

use storewire_domain::intent::EditFault;
use url::form_urlencoded;

use super::{view::Notice, words::Words};

/// The notice for the `said` word of an address; an unknown word says nothing.
#[must_use]
pub fn notice(query: &str, t: &Words) -> Option<Notice> {
    let word = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "said")?.1;
    let good = |text| Some(Notice { tone: "info", icon: "circle-check", text });
    let bad = |text| Some(Notice { tone: "bad", icon: "circle-alert", text });
    match word.as_ref() {
        "synced" => good(t.get("said-synced")),
        "asleep" => bad(t.get("said-asleep")),
        "paused" => good(t.get("said-paused")),
        "resumed" => good(t.get("said-resumed")),
        "reconciling" => good(t.get("said-reconciling")),
        "goal" => good(t.get("said-goal")),
        "secret" => good(t.get("said-secret")),
        "source" => good(t.get("said-source")),
        "replayed" => good(t.get("said-replayed")),
        "retried" => good(t.get("said-retried")),
        "discarded" => good(t.get("said-discarded")),
        "nothing" => bad(t.get("said-nothing")),
        "proposed" => good(t.get("said-proposed")),
        "cancelled" => good(t.get("said-cancelled")),
        "too_late" => bad(t.get("said-too-late")),
        "amount" => bad(t.get("said-amount")),
        "invalid" => bad(t.get("said-invalid")),
        "unchanged" => bad(t.get("said-unchanged")),
        "gone" => bad(t.get("said-gone")),
        "rehearsal_stopped" => good(t.get("said-rehearsal-stopped")),
        "rehearsal_cleared" => good(t.get("said-rehearsal-cleared")),
        "rehearsal_runs" => bad(t.get("said-rehearsal-runs")),
        other => other.parse().ok().and_then(|fault| bad(rejected(fault, t))),
    }
}

/// Why a wish makes no sense.
fn rejected(fault: EditFault, t: &Words) -> String {
    match fault {
        EditFault::Negative => t.get("fault-negative"),
        EditFault::TooPrecise => t.get("fault-too-precise"),
        EditFault::TooLarge => t.get("fault-too-large"),
        EditFault::SaleNotBelowRegular => t.get("fault-sale"),
        EditFault::Empty => t.get("fault-empty"),
        EditFault::TooLong => t.get("fault-too-long"),
        EditFault::BadText => t.get("fault-text"),
        EditFault::BadStatus => t.get("fault-status"),
        EditFault::BadCategory => t.get("fault-category"),
        EditFault::BadEmail => t.get("fault-email"),
        EditFault::BadUrl => t.get("fault-url"),
        EditFault::WrongRecord => t.get("fault-record"),
        EditFault::CountedByParent => t.get("fault-parent"),
        EditFault::BadExpectation => t.get("fault-expectation"),
    }
}
