//! One intent, by itself.

use jiff::SignedDuration;
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, intent::Fields};
use storewire_woo::{Failure, NewNote, Patch, WooError};

use super::{
    fresh::{self, Fresh},
    learned,
    patch::patch,
    settle::{Step, after, settle},
    verdict::{Limits, Verdict, judge, prove},
};
use crate::{
    failpoint,
    store::{context::StoreContext, isolate::is_of_record, judge::WorkError},
};

/// Takes an intent from its fresh read to wherever it gets.
pub(super) async fn write(context: &StoreContext, intent: &OpenIntent) -> Result<(), WorkError> {
    let fresh = match fresh::read(context, intent).await {
        Ok(fresh) => fresh,
        Err(error) => return unread(context, intent, error).await,
    };
    match decide(context, intent, fresh) {
        Decided::Step(step) => settle(context, vec![*step]).await.map(drop),
        Decided::Send(fresh) => send(context, intent, fresh).await,
    }
}

/// What follows from a fresh read: an end or a wait, or a send.
pub(super) enum Decided<'a> {
    Step(Box<Step<'a>>),
    Send(Fresh),
}

pub(super) fn decide<'a>(context: &StoreContext, intent: &'a OpenIntent, fresh: Fresh) -> Decided<'a> {
    let now = context.now();
    let verdict = match fresh.obstacle() {
        Some(obstacle) => Verdict::Fail(obstacle),
        None => judge(intent, &fresh.fields(intent), now, limits(context)),
    };
    Decided::Step(Box::new(match verdict {
        Verdict::Send => return Decided::Send(fresh),
        Verdict::Done(reason) => Step::done(intent, reason, fresh, now),
        Verdict::Fail(reason) => Step::failed(intent, reason, Some(fresh), now),
        Verdict::Look(at) => Step::unknown(intent, at),
    }))
}

pub(super) fn limits(context: &StoreContext) -> Limits {
    let config = &context.shared.config;
    let settle = SignedDuration::try_from(config.outbox_settle).unwrap_or(SignedDuration::ZERO);
    Limits { settle, attempts: config.outbox_attempts }
}

/// What a request puts into the store.
enum Change {
    Note(NewNote),
    Patch(Patch),
}

async fn send(context: &StoreContext, intent: &OpenIntent, fresh: Fresh) -> Result<(), WorkError> {
    let change = match change(context, intent, &fresh).await? {
        Ok(change) => change,
        Err(reason) => {
            let step = Step::failed(intent, reason, Some(fresh), context.now());
            return settle(context, vec![step]).await.map(drop);
        }
    };
    let before = fresh.fields(intent);
    if settle(context, vec![Step::sending(intent, &before, context.now())]).await?.is_empty() {
        return Ok(());
    }
    failpoint!("outbox.before_send", context.store);
    let answer = put(context, intent, change).await;
    failpoint!("outbox.after_send", context.store);
    let sent = OpenIntent { state: storewire_domain::IntentState::Sending, ..intent.clone() };
    match answer {
        Ok(answered) => {
            context.learned.grow(1, context.shared.config.outbox_batch);
            let sent = OpenIntent { before: serde_json::to_value(&before).ok(), ..sent };
            read_back(context, &sent, &answered).await
        }
        Err(error) => after_failure(context, &sent, error).await,
    }
}

/// What to send, or why nothing is to be.
async fn change(
    context: &StoreContext,
    intent: &OpenIntent,
    fresh: &Fresh,
) -> Result<Result<Change, &'static str>, WorkError> {
    if let Edit::OrderNote { text, for_customer } = &intent.edit {
        return Ok(Ok(Change::Note(NewNote { text: text.clone(), for_customer: *for_customer })));
    }
    if let Edit::OrderStatus { status } = &intent.edit
        && let Some(known) = learned::statuses(context).await?
        && !known.contains(status)
    {
        return Ok(Err("unknown_status"));
    }
    Ok(patch(intent, fresh).map(Change::Patch))
}

/// Answers what the store says it holds of a product now; of other records nobody needs to know.
async fn put(context: &StoreContext, intent: &OpenIntent, change: Change) -> Result<Fields, WooError> {
    let (client, id, edit) = (&context.client, &intent.remote_id, &intent.edit);
    match (change, edit.noun(), &intent.parent_remote_id) {
        (Change::Note(note), ..) => context.call_now(client.create_order_note(id, &note)).await.map(drop)?,
        (Change::Patch(patch), "product", Some(parent)) => {
            let told = context.call_now(client.update_variation(parent, id, &patch)).await?;
            return Ok(edit.in_product(&told.value));
        }
        (Change::Patch(patch), "product", None) => {
            let told = context.call_now(client.update_product(id, &patch)).await?;
            return Ok(edit.in_product(&told.value));
        }
        (Change::Patch(patch), "order", _) => context.call_now(client.update_order(id, &patch)).await.map(drop)?,
        (Change::Patch(patch), ..) => context.call_now(client.update_customer(id, &patch)).await.map(drop)?,
    }
    Ok(Fields::default())
}

/// The store said yes; what it holds is the proof.
async fn read_back(context: &StoreContext, sent: &OpenIntent, answered: &Fields) -> Result<(), WorkError> {
    let step = match fresh::read(context, sent).await {
        Ok(fresh) => proven(context, sent, answered, fresh),
        // Whatever keeps us from reading is found out by the next look.
        Err(_) => Step::unknown(sent, context.now()),
    };
    settle(context, vec![step]).await.map(drop)
}

/// What a record that was read after the store said yes, and what it held, comes to.
pub(super) fn proven<'a>(context: &StoreContext, sent: &'a OpenIntent, answered: &Fields, fresh: Fresh) -> Step<'a> {
    let now = context.now();
    match prove(&sent.edit, answered, &fresh.fields(sent), fresh.obstacle()) {
        Ok(()) => Step::done(sent, None, fresh, now),
        Err(reason) => Step::failed(sent, reason, Some(fresh), now),
    }
}

/// The store said no, or nothing at all.
async fn after_failure(context: &StoreContext, sent: &OpenIntent, error: WooError) -> Result<(), WorkError> {
    let now = context.now();
    tracing::warn!(store.id = %context.store, intent.id = %sent.id, kind = sent.edit.kind(), %error, "intent was not answered as hoped");
    if !error.is_certainly_not_applied() {
        let look_at = limits(context).first_look(now);
        return settle(context, vec![Step::unknown(sent, look_at)]).await.map(drop);
    }
    if is_refusal(&error) {
        let reason = error.code.clone().unwrap_or_else(|| error.code().to_owned());
        return settle(context, vec![Step::failed(sent, &reason, None, now)]).await.map(drop);
    }
    let is_of_writes = error.needs_attention();
    // Others go first when writes are tried again: it may be this record alone that is kept from us.
    let wait = if is_of_writes { context.shared.config.attention_interval } else { std::time::Duration::ZERO };
    settle(context, vec![Step::put_back(sent, error.code(), after(now, wait))]).await?;
    Err(if is_of_writes { WorkError::Writes(error) } else { error.into() })
}

/// Whether the store has decided about this very change.
fn is_refusal(error: &WooError) -> bool {
    matches!(error.class, Failure::BadRequest | Failure::Gone | Failure::TooLarge)
}

/// A record that the store cannot show is its own trouble; a store that shows nothing is the store's.
async fn unread(context: &StoreContext, intent: &OpenIntent, error: WooError) -> Result<(), WorkError> {
    if !is_of_record(context, &error).await {
        return Err(error.into());
    }
    let config = &context.shared.config;
    let (now, tries) = (context.now(), intent.attempts.saturating_add(1));
    let step = if tries > config.outbox_attempts {
        Step::failed(intent, "unreadable", None, now)
    } else {
        let wait = config.retry.delay(u32::from(tries.unsigned_abs()), rand::random());
        Step::unread(intent, error.code(), after(now, wait))
    };
    settle(context, vec![step]).await.map(drop)
}
