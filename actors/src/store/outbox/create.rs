//! Records that an intent makes: each carries the intent's id as its mark, and is looked for by it before anything is sent.
//!
//! A store gives ids in rising order. So the newest record from before the first send bounds the search, however long ago that was and
//! whatever else was made since.

use jiff::Timestamp;
use storewire_db::intents::OpenIntent;
use storewire_domain::{
    Edit, RemoteId,
    intent::{FieldValue, Fields, made},
};
use storewire_woo::{Failure, Fetched, Item, ListQuery, Listing, Page, Paging, Patch, WooError, is_marked, mark};

use super::{fresh::Fresh, goods, place};
use crate::store::{context::StoreContext, record::Record};

/// Under this name an intent notes the newest record from before it was first sent.
const NEWEST: &str = "newest";

/// What a store holds of an intent that makes something.
pub(super) fn present(record: Option<&Record>, newest: Option<u64>) -> Fields {
    let told = made(record.is_some());
    match (record, newest) {
        (Some(record), _) => told.with("remote_id", FieldValue::text(record.key().1.as_str())),
        (None, Some(newest)) => told.with(NEWEST, FieldValue::text(&newest.to_string())),
        (None, None) => told,
    }
}

/// Looks for what an intent made: by its id, where the store said which, and by its mark otherwise. `None` if it was there and is gone, or
/// its parent is.
pub(super) async fn find(context: &StoreContext, intent: &OpenIntent) -> Result<Option<Fresh>, WooError> {
    let (client, id, asked_at) = (&context.client, &intent.remote_id, context.now());
    let known = !id.as_str().is_empty();
    match &intent.parent_remote_id {
        Some(parent) if known => {
            let found = context.call_now(client.get_variation(parent, id)).await?;
            Ok(by_id(found, asked_at, Record::Product))
        }
        Some(parent) => among_variations(context, intent, parent).await,
        None if known => Ok(by_id(context.call_now(client.get_product(id)).await?, asked_at, Record::Product)),
        None => {
            let list = |query| {
                let client = client.clone();
                async move { client.list_products(&query).await }
            };
            newest(context, intent, list, Record::Product).await.map(Some)
        }
    }
}

/// What a store says of a record that it said to have made.
pub(super) fn by_id<T>(found: Fetched<T>, asked_at: Timestamp, wrap: fn(Box<Item<T>>) -> Record) -> Option<Fresh> {
    let record = wrap(Box::new(found.found()?));
    Some(Fresh::Made { record: Some(record), newest: None, asked_at })
}

/// Looks among the newest records of a listing, in the trash too once the intent was sent.
pub(super) async fn newest<T, Listed: Future<Output = Result<Page<T>, WooError>>>(
    context: &StoreContext,
    intent: &OpenIntent,
    list: impl Fn(ListQuery) -> Listed,
    wrap: fn(Box<Item<T>>) -> Record,
) -> Result<Fresh, WooError> {
    // One size for all pages, or records would fall between two of them.
    let (known, per_page) = (noted(intent), context.pace.page_size());
    let listings: &[Listing] = if known.is_some() { &[Listing::Any, Listing::Trash] } else { &[Listing::Any] };
    let mut highest = 0;
    for &status in listings {
        for page in 1_u32.. {
            let asked_at = context.now();
            let query = ListQuery { status, ascending: false, page, per_page, ..ListQuery::default() };
            let listed = context.call_now(list(query)).await?;
            let is_last = listed.is_last(page);
            let (record, ids) = sift(listed, intent, wrap)?;
            if record.is_some() {
                return Ok(Fresh::Made { record, newest: None, asked_at });
            }
            highest = ids.iter().copied().max().unwrap_or(0).max(highest);
            // Before the first send one page is enough: nothing of ours can be there.
            if is_last || known.is_none_or(|known| ids.iter().any(|id| *id <= known)) {
                break;
            }
        }
    }
    // What was noted first stays: a host may still carry out the first of several sends.
    Ok(Fresh::Made { record: None, newest: Some(known.unwrap_or(highest)), asked_at: context.now() })
}

/// A parent lists its variations to the last, and has none in the trash.
async fn among_variations(
    context: &StoreContext,
    intent: &OpenIntent,
    parent: &RemoteId,
) -> Result<Option<Fresh>, WooError> {
    let per_page = context.pace.page_size();
    for page in 1_u32.. {
        let asked_at = context.now();
        let listed = match context.call_now(context.client.list_variations(parent, Paging { page, per_page })).await {
            Err(error) if error.class == Failure::Gone => return Ok(None),
            listed => listed?,
        };
        let is_last = listed.is_last(page);
        let (record, _) = sift(listed, intent, Record::Product)?;
        if record.is_some() || is_last {
            return Ok(Some(Fresh::Made { record, newest: None, asked_at }));
        }
    }
    Ok(None)
}

/// The newest record from before the intent was first sent, as it noted then.
fn noted(intent: &OpenIntent) -> Option<u64> {
    intent.before.as_ref()?.get(NEWEST)?.as_str()?.parse().ok()
}

/// The record with the intent's mark, and the ids of the others.
///
/// # Errors
/// `BadJson` if it is there and cannot be read.
fn sift<T>(
    page: Page<T>,
    intent: &OpenIntent,
    wrap: fn(Box<Item<T>>) -> Record,
) -> Result<(Option<Record>, Vec<u64>), WooError> {
    let mark = intent.id.to_string();
    page.require_readable(&mark)?;
    let (mut ours, mut ids) = (None, Vec::with_capacity(page.items.len()));
    for item in page.items.into_iter().flatten() {
        let record = wrap(Box::new(item));
        ids.extend(record.key().1.as_str().parse::<u64>());
        if is_marked(record.raw(), &mark) && !place::is_left_behind(&record) {
            ours = Some(record);
        }
    }
    Ok((ours, ids))
}

/// Has the store make it, and answers the id that it gave.
pub(super) async fn send(context: &StoreContext, intent: &OpenIntent, fields: &Patch) -> Result<RemoteId, WooError> {
    let client = &context.client;
    let made = match (intent.edit.noun(), &intent.parent_remote_id) {
        ("order", _) => context.call_now(client.create_order(fields)).await?.value.remote_id,
        (_, Some(parent)) => context.call_now(client.create_variation(parent, fields)).await?.value.remote_id,
        _ => context.call_now(client.create_product(fields)).await?.value.remote_id,
    };
    Ok(made)
}

/// The fields of what an intent makes, with its mark; `None` for an intent that makes nothing.
pub(super) fn fields(intent: &OpenIntent) -> Option<Patch> {
    let mut fields = match &intent.edit {
        Edit::Create { product } => goods::product(product),
        Edit::AddVariation { variation } => goods::variation(variation),
        Edit::PlaceOrder { order } => place::fields(order),
        _ => return None,
    };
    mark(&mut fields, &intent.id.to_string());
    Some(fields)
}
