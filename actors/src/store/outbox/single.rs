//! One intent, by itself.

use jiff::{SignedDuration, Timestamp};
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, Product, RemoteId, intent::Fields};
use storewire_woo::{Item, NewNote, Patch, WooError};

use super::{
    create,
    fresh::{self, Fresh},
    learned,
    patch::patch,
    settle::{Step, settle},
    trouble::{refused, unread},
    verdict::{Limits, Verdict, judge, prove, was_made},
};
use crate::{
    failpoint,
    store::{context::StoreContext, judge::WorkError},
};

/// Takes an intent from its fresh read to wherever it gets.
pub(super) async fn write(context: &StoreContext, intent: &OpenIntent) -> Result<(), WorkError> {
    let fresh = match fresh::read(context, intent).await {
        Ok(fresh) => fresh,
        Err(error) => return unread(context, intent, error).await,
    };
    match decide(intent, fresh, context.now(), limits(context)) {
        Decided::Step(step) => settle(context, vec![*step]).await.map(drop),
        Decided::Send(fresh) => send(context, intent, fresh).await,
    }
}

/// What follows from a fresh read: an end or a wait, or a send.
pub(crate) enum Decided<'a> {
    Step(Box<Step<'a>>),
    Send(Fresh),
}

/// Judges an intent by its record as just read. Pure.
pub(crate) fn decide<'a>(intent: &'a OpenIntent, fresh: Fresh, now: Timestamp, limits: Limits) -> Decided<'a> {
    let present = fresh.fields(intent);
    let verdict = match fresh.obstacle(&intent.edit) {
        Some(obstacle) if !was_made(intent, &present) => Verdict::Fail(obstacle),
        _ => judge(intent, &present, now, limits),
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
    Create(Patch),
    Trash,
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
            let remote_id = answered.made.unwrap_or_else(|| sent.remote_id.clone());
            let sent = OpenIntent { before: serde_json::to_value(&before).ok(), remote_id, ..sent };
            read_back(context, &sent, &answered.holds).await
        }
        Err(error) => refused(context, &sent, error).await,
    }
}

/// What to send, or why nothing is to be.
async fn change(
    context: &StoreContext,
    intent: &OpenIntent,
    fresh: &Fresh,
) -> Result<Result<Change, &'static str>, WorkError> {
    if let Some(fields) = create::fields(intent) {
        return Ok(Ok(Change::Create(fields)));
    }
    if intent.edit == Edit::Trash {
        return Ok(Ok(Change::Trash));
    }
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

/// What a store said when it said yes.
#[derive(Default)]
struct Answered {
    /// What a product holds now; of other records nobody needs to know.
    holds: Fields,
    /// The id of a record that it made.
    made: Option<RemoteId>,
}

async fn put(context: &StoreContext, intent: &OpenIntent, change: Change) -> Result<Answered, WooError> {
    let (client, id, edit) = (&context.client, &intent.remote_id, &intent.edit);
    let holds = |told: Item<Product>| Answered { holds: edit.in_product(&told.value), made: None };
    match (change, edit.noun(), &intent.parent_remote_id) {
        // On the heap: what is seldom sent does not make every write's future larger.
        (Change::Create(fields), ..) => {
            let made = Box::pin(create::send(context, intent, &fields)).await?;
            return Ok(Answered { made: Some(made), ..Answered::default() });
        }
        (Change::Trash, ..) => Box::pin(context.call_now(client.trash_product(id))).await?,
        (Change::Note(note), ..) => context.call_now(client.create_order_note(id, &note)).await.map(drop)?,
        (Change::Patch(patch), "product", Some(parent)) => {
            return context.call_now(client.update_variation(parent, id, &patch)).await.map(holds);
        }
        (Change::Patch(patch), "product", None) => {
            return context.call_now(client.update_product(id, &patch)).await.map(holds);
        }
        (Change::Patch(patch), "order", _) => context.call_now(client.update_order(id, &patch)).await.map(drop)?,
        (Change::Patch(patch), ..) => context.call_now(client.update_customer(id, &patch)).await.map(drop)?,
    }
    Ok(Answered::default())
}

/// The store said yes; what it holds is the proof.
async fn read_back(context: &StoreContext, sent: &OpenIntent, answered: &Fields) -> Result<(), WorkError> {
    let step = match fresh::read(context, sent).await {
        Ok(fresh) => proven(sent, answered, fresh, context.now()),
        // Whatever keeps us from reading is found out by the next look.
        Err(_) => Step::unknown(sent, context.now()),
    };
    settle(context, vec![step]).await.map(drop)
}

/// What a record that was read after the store said yes, and what it held, comes to. Pure.
pub(crate) fn proven<'a>(sent: &'a OpenIntent, answered: &Fields, fresh: Fresh, now: Timestamp) -> Step<'a> {
    match prove(&sent.edit, answered, &fresh.fields(sent), fresh.obstacle(&sent.edit)) {
        Ok(()) => Step::done(sent, None, fresh, now),
        Err(reason) => Step::failed(sent, reason, Some(fresh), now),
    }
}
