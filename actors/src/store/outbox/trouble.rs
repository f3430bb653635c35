//! Where an intent stands that the store refused, did not answer, or whose record it cannot show.

use std::time::Duration;

use jiff::Timestamp;
use storewire_db::intents::OpenIntent;
use storewire_domain::{IntentState, retry::RetryPolicy};
use storewire_woo::{Failure, WooError};

use super::{
    fresh,
    settle::{Step, after, settle},
    single::limits,
    verdict::{Limits, was_made},
};
use crate::store::{context::StoreContext, isolate::is_of_record, judge::WorkError};

/// The store said no to what was sent, or nothing at all.
pub(super) async fn refused(context: &StoreContext, sent: &OpenIntent, error: WooError) -> Result<(), WorkError> {
    tracing::warn!(store.id = %context.store, intent.id = %sent.id, kind = sent.edit.kind(), %error, "intent was not answered as hoped");
    if may_be_there(sent, &error)
        && let Some(step) = look(context, sent).await
    {
        return settle(context, vec![step]).await.map(drop);
    }
    let (step, is_settled) =
        unanswered(sent, &error, context.now(), limits(context), context.shared.config.attention_interval);
    settle(context, vec![step]).await?;
    if is_settled {
        return Ok(());
    }
    Err(if error.needs_attention() { WorkError::Writes(error) } else { error.into() })
}

/// Where a failure leaves an intent that was sent, and whether that is all there is to say of it. Pure.
pub(crate) fn unanswered<'a>(
    sent: &'a OpenIntent,
    error: &WooError,
    now: Timestamp,
    limits: Limits,
    attention: Duration,
) -> (Step<'a>, bool) {
    if !error.is_certainly_not_applied() {
        return (Step::unknown(sent, limits.first_look(now)), true);
    }
    if is_refusal(error) {
        return (Step::failed(sent, error.code.as_deref().unwrap_or(error.code()), None, now), true);
    }
    // Others go first when writes are tried again: it may be this record alone that is kept from us.
    let wait = if error.needs_attention() { attention } else { Duration::ZERO };
    (Step::put_back(sent, error.code(), after(now, wait)), false)
}

/// Whether the store has decided about this very change.
fn is_refusal(error: &WooError) -> bool {
    error.is_certainly_not_applied() && matches!(error.class, Failure::BadRequest | Failure::Gone | Failure::TooLarge)
}

/// Whether a refusal may be the very sign that an earlier send was carried out late: a SKU that is taken is taken by what it made. `sent_at` is
/// that of the send before.
fn may_be_there(sent: &OpenIntent, error: &WooError) -> bool {
    sent.edit.adds() && sent.sent_at.is_some() && is_refusal(error)
}

/// Looks once before an intent ends as refused; `None` if the store does not hold what it adds.
async fn look<'a>(context: &StoreContext, sent: &'a OpenIntent) -> Option<Step<'a>> {
    match Box::pin(fresh::read(context, sent)).await {
        Ok(fresh) if was_made(sent, &fresh.fields(sent)) => Some(Step::done(sent, None, fresh, context.now())),
        Ok(_) => None,
        // Whatever keeps us from reading is found out by the next look.
        Err(_) => Some(Step::unknown(sent, context.now())),
    }
}

/// A record that the store cannot show is its own trouble; a store that shows nothing is the store's.
pub(super) async fn unread(context: &StoreContext, intent: &OpenIntent, error: WooError) -> Result<(), WorkError> {
    if !is_of_record(context, &error).await {
        return Err(error.into());
    }
    let config = &context.shared.config;
    let step = unreadable(intent, &error, context.now(), limits(context), &config.retry, rand::random());
    settle(context, vec![step]).await.map(drop)
}

/// Where an intent stands whose record alone could not be read. `random` is uniform in 0..=1. Pure.
pub(crate) fn unreadable<'a>(
    intent: &'a OpenIntent,
    error: &WooError,
    now: Timestamp,
    limits: Limits,
    retry: &RetryPolicy,
    random: f64,
) -> Step<'a> {
    let tries = intent.attempts.saturating_add(1);
    if tries <= limits.attempts {
        return Step::unread(intent, error.code(), after(now, retry.delay(u32::from(tries.unsigned_abs()), random)));
    }
    // What the store may still carry out has not failed: whoever tries it again then would send it beside itself.
    let sent_at = intent.sent_at.filter(|_| intent.state != IntentState::Waiting);
    match sent_at.map(|sent_at| sent_at + limits.settle).filter(|settled_at| now < *settled_at) {
        Some(settled_at) => Step::unread(intent, error.code(), settled_at),
        None => Step::failed(intent, "unreadable", None, now),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use storewire_domain::{Edit, RemoteId, UserId, intent::Cause};
    use uuid::Uuid;

    use super::*;

    const LIMITS: Limits = Limits { settle: SignedDuration::from_secs(80), attempts: 2 };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000 + second).unwrap()
    }

    /// Sent at second 0, if it was.
    fn intent(edit: Edit, state: IntentState, is_sent: bool) -> OpenIntent {
        OpenIntent {
            id: Uuid::now_v7(),
            entity_id: Uuid::now_v7(),
            remote_id: RemoteId::from("7"),
            parent_remote_id: None,
            edit,
            expected: None,
            cause: Cause::of(UserId::fresh()),
            state,
            attempts: 2,
            before: None,
            sent_at: is_sent.then(|| at(0)),
            due_at: at(0),
        }
    }

    fn note() -> Edit {
        Edit::OrderNote { text: "packed".to_owned(), for_customer: false }
    }

    #[test]
    fn what_the_store_may_still_carry_out_is_not_called_unreadable_before_it_no_longer_can() {
        let retry = RetryPolicy { base: Duration::from_secs(1), cap: Duration::from_secs(4) };
        let error = WooError::new(Failure::BadJson);
        for (state, is_sent, second, stands) in [
            (IntentState::Unknown, true, 79, (IntentState::Unknown, at(80))),
            (IntentState::Sending, true, 79, (IntentState::Unknown, at(80))),
            (IntentState::Unknown, true, 80, (IntentState::Failed, at(80))),
            // Sent and put back, or never sent: nothing is under way.
            (IntentState::Waiting, true, 1, (IntentState::Failed, at(1))),
            (IntentState::Waiting, false, 1, (IntentState::Failed, at(1))),
        ] {
            let intent = intent(note(), state, is_sent);
            let progress = unreadable(&intent, &error, at(second), LIMITS, &retry, 0.5).progress;
            assert_eq!((progress.state, progress.due_at), stands, "{state} at {second}");
        }
    }

    #[test]
    fn a_refusal_is_doubted_only_of_what_adds_and_was_sent_before() {
        let refusal = WooError::new(Failure::BadRequest);
        let adds = |is_sent| intent(note(), IntentState::Sending, is_sent);
        assert!(may_be_there(&adds(true), &refusal) && !may_be_there(&adds(false), &refusal));
        assert!(!may_be_there(&adds(true), &WooError::new(Failure::Forbidden)));
        let sets = intent(Edit::Stock { quantity: 3.into() }, IntentState::Sending, true);
        assert!(!may_be_there(&sets, &refusal));
    }
}
