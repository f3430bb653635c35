//! Several intents of a kind in one request. The store makes each change by itself and answers for each; it checks none of them, so
//! only values that were checked here are sent this way.

use std::collections::HashMap;

use jiff::Timestamp;
use storewire_db::intents::OpenIntent;
use storewire_domain::{
    Edit, IntentState, Product, RemoteId,
    intent::{FieldValue, Fields},
};
use storewire_woo::{Failure, Item, ItemOutcome, ListQuery, Page, Paging, Patch, Poison, WooError};
use uuid::Uuid;

use super::{
    fresh::Fresh,
    learned,
    patch::patch,
    settle::{Step, after, settle},
    single::{self, Decided, decide, limits, proven},
};
use crate::{
    failpoint,
    store::{context::StoreContext, isolate::may_be_of_record, judge::WorkError, record::Record},
};

/// Which batch route an intent can go by.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Route {
    Products,
    /// Those of one parent.
    Variations(RemoteId),
    OrderStatuses,
}

impl Route {
    /// Only what is sent for the first time: an open outcome is looked into by itself.
    fn of(intent: &OpenIntent) -> Option<Self> {
        if intent.state != IntentState::Waiting {
            return None;
        }
        match &intent.edit {
            Edit::OrderStatus { .. } => Some(Self::OrderStatuses),
            // Unchecked, a store cuts a fraction off.
            Edit::Stock { quantity } if !quantity.fract().is_zero() => None,
            Edit::Stock { .. } | Edit::Price { .. } | Edit::ProductStatus { .. } | Edit::Categories { .. } => {
                Some(intent.parent_remote_id.clone().map_or(Self::Products, Self::Variations))
            }
            Edit::Text { .. }
            | Edit::Trash
            | Edit::Create { .. }
            | Edit::AddVariation { .. }
            | Edit::PlaceOrder { .. }
            | Edit::OrderNote { .. }
            | Edit::Tracking { .. }
            | Edit::Customer { .. } => None,
        }
    }
}

/// Intents that can go together, each of another record.
pub(super) struct Batch<'a> {
    route: Route,
    intents: Vec<&'a OpenIntent>,
}

/// What can go with the first that is due; `None` if it goes alone.
pub(super) fn gather<'a>(context: &StoreContext, due: &'a [OpenIntent]) -> Option<Batch<'a>> {
    let route = Route::of(due.first()?)?;
    let most = context.shared.config.outbox_batch.min(context.pace.page_size() as usize);
    let limit = context.learned.batch(most);
    let intents: Vec<&OpenIntent> =
        due.iter().filter(|intent| Route::of(intent).as_ref() == Some(&route)).take(limit).collect();
    (intents.len() > 1).then_some(Batch { route, intents })
}

/// Takes a batch from its fresh read to wherever its parts get.
pub(super) async fn write(context: &StoreContext, batch: &Batch<'_>) -> Result<(), WorkError> {
    let Batch { route, intents } = batch;
    let [first, ..] = intents.as_slice() else { return Ok(()) };
    let is_of_status = *route == Route::OrderStatuses;
    let known = if is_of_status { learned::statuses(context).await? } else { None };
    if is_of_status && known.is_none() {
        // Alone, the store itself checks it.
        return single::write(context, first).await;
    }
    let ids: Vec<&RemoteId> = intents.iter().map(|intent| &intent.remote_id).collect();
    let mut found = match read(context, route, &ids).await {
        Ok(found) => found,
        Err(error) if !may_be_of_part(&error) => return Err(error.into()),
        Err(_) => {
            // One record may spoil the listing for all: alone, each tells what it has. If that is answered, fewer are listed next time.
            single::write(context, first).await?;
            context.learned.shrink(intents.len());
            return Ok(());
        }
    };
    let (mut steps, mut sends, mut absent) = (Vec::new(), Vec::new(), Vec::new());
    for intent in intents {
        let Some(fresh) = found.remove(&intent.remote_id) else {
            absent.push(*intent);
            continue;
        };
        let fresh = match decide(intent, fresh, context.now(), limits(context)) {
            Decided::Step(step) => {
                steps.push(*step);
                continue;
            }
            Decided::Send(fresh) => fresh,
        };
        let is_unknown = matches!(&intent.edit, Edit::OrderStatus { status }
            if known.as_ref().is_some_and(|known| !known.contains(status)));
        let change = if is_unknown { Err("unknown_status") } else { patch(intent, &fresh) };
        match change {
            Ok(patch) => sends.push((*intent, fresh, patch)),
            Err(reason) => steps.push(Step::failed(intent, reason, Some(fresh), context.now())),
        }
    }
    settle(context, steps).await?;
    send(context, route, sends).await?;
    for intent in absent {
        single::write(context, intent).await?;
    }
    Ok(())
}

async fn send(
    context: &StoreContext,
    route: &Route,
    mut sends: Vec<(&OpenIntent, Fresh, Patch)>,
) -> Result<(), WorkError> {
    let now = context.now();
    let sending = sends.iter().map(|(intent, fresh, _)| Step::sending(intent, &fresh.fields(intent), now)).collect();
    let taken: Vec<Uuid> = settle(context, sending).await?;
    sends.retain(|(intent, ..)| taken.contains(&intent.id));
    if sends.is_empty() {
        return Ok(());
    }
    let sent: Vec<OpenIntent> =
        sends.iter().map(|(intent, ..)| OpenIntent { state: IntentState::Sending, ..(*intent).clone() }).collect();
    let changes: Vec<(RemoteId, Patch)> =
        sends.into_iter().map(|(intent, _, patch)| (intent.remote_id.clone(), patch)).collect();
    failpoint!("outbox.before_send", context.store);
    let answer = put(context, route, &changes).await;
    failpoint!("outbox.after_send", context.store);
    match answer {
        Ok(outcomes) => {
            context.learned.grow(sent.len(), context.shared.config.outbox_batch);
            conclude(context, route, &sent, outcomes).await
        }
        Err(error) => after_failure(context, &sent, error).await,
    }
}

/// What the store said of one change, whatever its record.
enum Told {
    /// It holds this now, as far as stock goes.
    Applied(Fields),
    Unknown,
    Refused {
        code: String,
        status: Option<u16>,
    },
}

async fn put(
    context: &StoreContext,
    route: &Route,
    changes: &[(RemoteId, Patch)],
) -> Result<Vec<(RemoteId, Told)>, WooError> {
    let client = &context.client;
    match route {
        Route::Products => {
            let outcomes = context.call_now(client.update_products(changes)).await?;
            Ok(told(outcomes, |item| stock_in(&item.value)))
        }
        Route::Variations(parent) => {
            let outcomes = context.call_now(client.update_variations(parent, changes)).await?;
            Ok(told(outcomes, |item| stock_in(&item.value)))
        }
        Route::OrderStatuses => {
            let outcomes = context.call_now(client.update_orders(changes)).await?;
            Ok(told(outcomes, |_| Fields::default()))
        }
    }
}

fn told<T>(outcomes: Vec<(RemoteId, ItemOutcome<T>)>, holds: fn(&Item<T>) -> Fields) -> Vec<(RemoteId, Told)> {
    let of = |outcome| match outcome {
        ItemOutcome::Applied(item) => Told::Applied(holds(&item)),
        ItemOutcome::Unknown => Told::Unknown,
        ItemOutcome::Refused { code, status } => Told::Refused { code, status },
    };
    outcomes.into_iter().map(|(id, outcome)| (id, of(outcome))).collect()
}

fn stock_in(product: &Product) -> Fields {
    Fields::of("stock_quantity", FieldValue::number(product.stock_quantity))
}

/// Each part by itself: refused, proven by reading back, or open.
async fn conclude(
    context: &StoreContext,
    route: &Route,
    sent: &[OpenIntent],
    outcomes: Vec<(RemoteId, Told)>,
) -> Result<(), WorkError> {
    let mut outcomes: HashMap<RemoteId, Told> = outcomes.into_iter().collect();
    let is_refused = |told: Option<&Told>| matches!(told, Some(Told::Refused { .. }));
    let open: Vec<&RemoteId> =
        sent.iter().map(|intent| &intent.remote_id).filter(|id| !is_refused(outcomes.get(*id))).collect();
    // Whatever keeps us from reading is found out by the next look.
    let mut found = read(context, route, &open).await.unwrap_or_default();
    let now = context.now();
    let mut steps = Vec::with_capacity(sent.len());
    for intent in sent {
        let fresh = found.remove(&intent.remote_id);
        steps.push(match (outcomes.remove(&intent.remote_id).unwrap_or(Told::Unknown), fresh) {
            (Told::Refused { code, status: Some(401 | 403) }, _) => {
                Step::put_back(intent, &code, after(now, context.shared.config.attention_interval))
            }
            (Told::Refused { code, .. }, _) => Step::failed(intent, &code, None, now),
            (Told::Applied(answered), Some(fresh)) => proven(intent, &answered, fresh, now),
            (Told::Unknown, Some(fresh)) if intent.edit.wanted().are_in(&fresh.fields(intent)) => {
                Step::done(intent, None, fresh, now)
            }
            (Told::Unknown, Some(_)) => Step::unknown(intent, limits(context).first_look(now)),
            (_, None) => Step::unknown(intent, now),
        });
    }
    settle(context, steps).await.map(drop)
}

/// The store said no to the batch as a whole, or nothing at all: then every part is open.
async fn after_failure(context: &StoreContext, sent: &[OpenIntent], error: WooError) -> Result<(), WorkError> {
    let now = context.now();
    tracing::warn!(store.id = %context.store, intents = sent.len(), %error, "a batch of intents was not answered as hoped");
    if !error.is_certainly_not_applied() {
        context.learned.shrink(sent.len());
        let look_at = limits(context).first_look(now);
        return settle(context, sent.iter().map(|intent| Step::unknown(intent, look_at)).collect()).await.map(drop);
    }
    let is_of_batch = error.needs_attention() || matches!(error.class, Failure::BadRequest | Failure::Gone);
    if is_of_batch {
        context.learned.refuse();
    } else if error.class == Failure::TooLarge {
        context.learned.shrink(sent.len());
    }
    settle(context, sent.iter().map(|intent| Step::put_back(intent, error.code(), now)).collect()).await?;
    if is_of_batch || error.class == Failure::TooLarge { Ok(()) } else { Err(error.into()) }
}

/// Whether a listing failed in a way that one of its records can cause, or that is told better of each alone; else it is the store's.
fn may_be_of_part(error: &WooError) -> bool {
    may_be_of_record(error) || matches!(error.class, Failure::BadRequest | Failure::Gone)
}

/// Reads these records by as few requests as there are pages of them; those that the store does not list are left out.
async fn read(context: &StoreContext, route: &Route, ids: &[&RemoteId]) -> Result<HashMap<RemoteId, Fresh>, WooError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let include = ids.iter().map(|id| (*id).clone()).collect();
    let asked_at = context.now();
    let query = ListQuery { include, per_page: 100, ..ListQuery::default() };
    match route {
        Route::Products => {
            let page = context.call_now(context.client.list_products(&query)).await?;
            Ok(records(page, asked_at, Record::Product))
        }
        Route::OrderStatuses => {
            let page = context.call_now(context.client.list_orders(&query)).await?;
            Ok(records(page, asked_at, Record::Order))
        }
        Route::Variations(parent) => {
            let mut found = HashMap::new();
            for page_number in 1_u32.. {
                let paging = Paging { page: page_number, per_page: context.pace.page_size() };
                let page = context.call_now(context.client.list_variations(parent, paging)).await?;
                let is_last = page.is_last(page_number);
                found.extend(records(page, asked_at, Record::Product));
                if is_last || ids.iter().all(|id| found.contains_key(*id)) {
                    break;
                }
            }
            Ok(found)
        }
    }
}

fn records<T>(page: Page<T>, asked_at: Timestamp, wrap: fn(Box<Item<T>>) -> Record) -> HashMap<RemoteId, Fresh> {
    let readable = page.items.into_iter().filter_map(|item: Result<Item<T>, Poison>| item.ok());
    readable
        .map(|item| {
            let record = wrap(Box::new(item));
            (record.key().1, Fresh::Record(record, asked_at))
        })
        .collect()
}
