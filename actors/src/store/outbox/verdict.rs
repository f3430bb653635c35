//! What to do about an intent, now that its record was read. Pure: this is the rule that keeps a change from being made twice.

use jiff::{SignedDuration, Timestamp};
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, IntentState, intent::Fields};

/// What follows from a fresh read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The store holds what is wanted.
    Done(Option<&'static str>),
    /// It is not to be sent, for this reason.
    Fail(&'static str),
    /// It was sent and may still be carried out: look again then.
    Look(Timestamp),
    /// The store certainly holds what it held before.
    Send,
}

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For so long after a send the store may still carry it out.
    pub(crate) settle: SignedDuration,
    /// Sends before it is given up.
    pub(crate) attempts: i16,
}

impl Limits {
    /// When to look at what was sent just now.
    pub(super) fn first_look(self, now: Timestamp) -> Timestamp {
        now + self.settle / 16
    }
}

/// Decides over an intent by what its record holds of its fields. Times are ours; the store's clock plays no part.
pub(super) fn judge(intent: &OpenIntent, present: &Fields, now: Timestamp, limits: Limits) -> Verdict {
    let wanted = intent.edit.wanted();
    if wanted.are_in(present) {
        // Tries to read it count as well: only the state says whether it was sent.
        return Verdict::Done((intent.state == IntentState::Waiting).then_some("already"));
    }
    if intent.state == IntentState::Waiting {
        let is_as_seen = told(intent.expected.as_ref()).are_in(present);
        return if is_as_seen { Verdict::Send } else { Verdict::Fail("conflict") };
    }
    // It was sent, and nobody knows whether it arrived.
    let before = told(intent.before.as_ref());
    let is_as_before = wanted.names().all(|name| before.get(name) == present.get(name));
    if !is_as_before {
        return Verdict::Fail("conflict");
    }
    let sent_at = intent.sent_at.unwrap_or(now);
    let settled_at = sent_at + limits.settle;
    if now < settled_at {
        // Soon at first, since most hosts are quick or never; then as long again as was waited already.
        let step = now.duration_since(sent_at).max(limits.settle / 16);
        return Verdict::Look((now + step).min(settled_at));
    }
    if intent.attempts >= limits.attempts { Verdict::Fail("not_applied") } else { Verdict::Send }
}

/// Whether a change that was sent is there: then it was made, also if its record was thrown away since.
pub(super) fn was_made(intent: &OpenIntent, present: &Fields) -> bool {
    intent.state != IntentState::Waiting && intent.edit.wanted().are_in(present)
}

/// Whether a change that the store said yes to was made, by what its answer held and what was read after it.
///
/// # Errors
/// Why it was not.
pub(super) fn prove(
    edit: &Edit,
    answered: &Fields,
    present: &Fields,
    obstacle: Option<&'static str>,
) -> Result<(), &'static str> {
    let wanted = edit.wanted();
    if wanted.are_in(present) {
        return Ok(());
    }
    // Stock moves by itself: a sale since the answer is no sign that the change was not made.
    let has_moved_on = matches!(edit, Edit::Stock { .. }) && wanted.are_in(answered);
    match obstacle {
        None if has_moved_on => Ok(()),
        obstacle => Err(obstacle.unwrap_or("not_kept")),
    }
}

fn told(fields: Option<&serde_json::Value>) -> Fields {
    fields.and_then(|fields| serde_json::from_value(fields.clone()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use storewire_domain::{RemoteId, UserId, intent::Cause};
    use uuid::Uuid;

    use super::*;

    const LIMITS: Limits = Limits { settle: SignedDuration::from_secs(80), attempts: 2 };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000 + second).unwrap()
    }

    fn stock(state: IntentState, attempts: i16, expected: Option<Value>) -> OpenIntent {
        OpenIntent {
            id: Uuid::now_v7(),
            entity_id: Uuid::now_v7(),
            remote_id: RemoteId::from("7"),
            parent_remote_id: None,
            edit: Edit::Stock { quantity: 20.into() },
            expected,
            cause: Cause::of(UserId::fresh()),
            state,
            attempts,
            before: (attempts > 0).then(|| json!({"stock_quantity": "10"})),
            sent_at: (attempts > 0).then(|| at(0)),
            due_at: at(0),
        }
    }

    fn holds(quantity: &str) -> Fields {
        serde_json::from_value(json!({"stock_quantity": quantity})).unwrap()
    }

    #[test]
    fn what_the_person_saw_decides_whether_it_is_sent() {
        let seen = stock(IntentState::Waiting, 0, Some(json!({"stock_quantity": "10"})));
        assert_eq!(judge(&seen, &holds("10"), at(0), LIMITS), Verdict::Send);
        assert_eq!(judge(&seen, &holds("7"), at(0), LIMITS), Verdict::Fail("conflict"));
        assert_eq!(judge(&seen, &holds("20"), at(0), LIMITS), Verdict::Done(Some("already")));
        let unseen = stock(IntentState::Waiting, 0, None);
        assert_eq!(judge(&unseen, &holds("7"), at(0), LIMITS), Verdict::Send);
    }

    #[test]
    fn only_what_was_sent_and_is_there_was_made() {
        let sent = stock(IntentState::Unknown, 1, None);
        assert!(was_made(&sent, &holds("20")) && !was_made(&sent, &holds("19")));
        // Tried twice, and not even read.
        let unsent = stock(IntentState::Waiting, 2, None);
        assert!(!was_made(&unsent, &holds("20")));
        assert_eq!(judge(&unsent, &holds("20"), at(0), LIMITS), Verdict::Done(Some("already")));
    }

    #[test]
    fn a_sale_after_the_stores_yes_does_not_undo_the_proof() {
        let edit = Edit::Stock { quantity: 20.into() };
        let prove_with = |answered, present, obstacle| prove(&edit, &holds(answered), &holds(present), obstacle);
        assert_eq!(prove_with("20", "20", None), Ok(()));
        assert_eq!(prove_with("20", "19", None), Ok(()));
        assert_eq!(prove_with("10", "19", None), Err("not_kept"));
        assert_eq!(prove_with("20", "19", Some("trashed")), Err("trashed"));
        let status = Edit::ProductStatus { status: "draft".to_owned() };
        let held = |status: &str| serde_json::from_value(json!({"status": status})).unwrap();
        assert_eq!(prove(&status, &held("draft"), &held("publish"), None), Err("not_kept"));
    }

    #[test]
    fn an_open_outcome_is_read_until_the_store_can_no_longer_carry_it_out() {
        for state in [IntentState::Unknown, IntentState::Sending] {
            let sent = stock(state, 1, None);
            assert_eq!(judge(&sent, &holds("20"), at(1), LIMITS), Verdict::Done(None));
            assert_eq!(judge(&sent, &holds("10"), at(1), LIMITS), Verdict::Look(at(6)));
            assert_eq!(judge(&sent, &holds("10"), at(30), LIMITS), Verdict::Look(at(60)));
            assert_eq!(judge(&sent, &holds("10"), at(60), LIMITS), Verdict::Look(at(80)));
            assert_eq!(judge(&sent, &holds("10"), at(80), LIMITS), Verdict::Send);
            assert_eq!(judge(&sent, &holds("9"), at(1), LIMITS), Verdict::Fail("conflict"));
            let again = stock(state, 2, None);
            assert_eq!(judge(&again, &holds("10"), at(79), LIMITS), Verdict::Look(at(80)));
            assert_eq!(judge(&again, &holds("10"), at(80), LIMITS), Verdict::Fail("not_applied"));
        }
    }
}
