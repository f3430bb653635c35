//! What became of a deed, told once on the page that its form returned to.

mod requests;
pub(super) mod returns;
mod stock;

use storewire_domain::intent::EditFault;
use url::form_urlencoded;

use super::{support, view::Notice, words::Words};

/// The notice for the `said` word of an address; an unknown word says nothing.
#[must_use]
pub fn notice(query: &str, t: &Words) -> Option<Notice> {
    let word = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "said")?.1;
    if let Some(word) = word.strip_prefix("return-") {
        return returns::notice(word, t);
    }
    let good = |text| Some(Notice { tone: "info", icon: "circle-check", text });
    let bad = |text| Some(Notice { tone: "bad", icon: "circle-alert", text });
    match word.as_ref() {
        "synced" => good(t.get("said-synced")),
        "asleep" => bad(t.get("said-asleep")),
        "paused" => good(t.get("said-paused")),
        "resumed" => good(t.get("said-resumed")),
        "reconciling" => good(t.get("said-reconciling")),
        "goal" => good(t.get("said-goal")),
        "owners" => good(t.get("said-owners")),
        "owners_changed" => bad(t.get("said-owners-changed")),
        "secret" => good(t.get("said-secret")),
        "source" => good(t.get("said-source")),
        "letter" => good(t.get("said-letter")),
        "replayed" => good(t.get("said-replayed")),
        "retried" => good(t.get("said-retried")),
        "discarded" => good(t.get("said-discarded")),
        "nothing" => bad(t.get("said-nothing")),
        "proposed" => good(t.get("said-proposed")),
        "joined" => good(t.get("said-joined")),
        "tagged" => good(t.get("said-tagged")),
        "untagged" => good(t.get("said-untagged")),
        "too_many_tags" => bad(t.get("said-too-many-tags")),
        "cancelled" => good(t.get("said-cancelled")),
        "too_late" => bad(t.get("said-too-late")),
        "decide_again" => bad(t.get("said-decide-again")),
        "amount" => bad(t.get("said-amount")),
        "invalid" => bad(t.get("said-invalid")),
        "sent_before" => bad(t.get("said-sent-before")),
        "unchanged" => bad(t.get("said-unchanged")),
        "gone" => bad(t.get("said-gone")),
        "bulk_nothing" => bad(t.get("said-bulk-nothing")),
        "charged" => good(t.get("said-charged")),
        "charge_ended" => good(t.get("said-charge-ended")),
        "unshared" => good(t.get("said-unshared")),
        "rehearsal_stopped" => good(t.get("said-rehearsal-stopped")),
        "rehearsal_cleared" => good(t.get("said-rehearsal-cleared")),
        "rehearsal_runs" => bad(t.get("said-rehearsal-runs")),
        other => requests::notice(other, t)
            .or_else(|| stock::notice(other, t))
            .or_else(|| support::notice(other, t))
            .or_else(|| other.parse().ok().and_then(|fault| bad(rejected(fault, t)))),
    }
}

/// Why a wish makes no sense.
pub fn rejected(fault: EditFault, t: &Words) -> String {
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
        EditFault::BadOption => t.get("fault-option"),
        EditFault::CountedByParent => t.get("fault-parent"),
        EditFault::BadExpectation => t.get("fault-expectation"),
        EditFault::NothingToChange => t.get("fault-nothing"),
        EditFault::IllegalStep => t.get("fault-step"),
        EditFault::RefundElsewhere => t.get("fault-refund"),
        EditFault::ShopOwns => t.get("fault-shop-owns"),
    }
}
