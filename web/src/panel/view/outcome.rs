//! What became of a change, in words: the store's answer, or why it was given up on.

use storewire_db::intents::IntentRow;
use storewire_domain::IntentState;

use super::{intent::values, status::readable};
use crate::panel::words::Words;

/// The sentence below a change; nothing while there is nothing to tell.
pub fn told(intent: &IntentRow, t: &Words) -> Option<String> {
    let reason = intent.reason.as_deref().filter(|reason| !reason.is_empty());
    match intent.state {
        IntentState::Waiting => reason.map(|reason| waits(reason, t)),
        IntentState::Sending => None,
        IntentState::Unknown => Some(t.get("outcome-unknown")),
        IntentState::Done => Some(done(intent, reason, t)),
        IntentState::Failed => Some(failed(reason.unwrap_or_default(), t)),
    }
}

fn done(intent: &IntentRow, reason: Option<&str>, t: &Words) -> String {
    if reason == Some("already") {
        return t.get("outcome-already");
    }
    if intent.edit.creates() {
        return t.with("outcome-made", "id", &intent.remote_id);
    }
    match intent.result.as_ref().and_then(|result| values(result, t)) {
        Some(values) => t.with("outcome-done", "values", &values),
        None => t.get("outcome-done-plain"),
    }
}

fn waits(reason: &str, t: &Words) -> String {
    match reason {
        "not_applied" => t.get("outcome-again"),
        other => t.with("outcome-waits", "reason", &readable(other)),
    }
}

/// Why a change was given up on.
pub fn failed(reason: &str, t: &Words) -> String {
    match reason {
        "conflict" => t.get("outcome-conflict"),
        "not_kept" => t.get("outcome-not-kept"),
        "not_applied" => t.get("outcome-not-applied"),
        "cancelled" => t.get("outcome-cancelled"),
        "gone" => t.get("outcome-gone"),
        "unknown_status" => t.get("outcome-bad-status"),
        "unreadable" => t.get("outcome-unreadable"),
        "" => t.get("outcome-failed-plain"),
        // The store's own code for why it refused.
        other => t.with("outcome-refused", "code", other),
    }
}
