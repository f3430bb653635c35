//! Asks the store for what a version does not carry: the truth about doubtful records, refund lines, variations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use storewire_domain::{Order, RemoteId, Source};
use storewire_woo::{Failure, Fetched, Item, Paging, WooError};

use super::{
    compare::{Incoming, Plan, compare, holdings},
    context::StoreContext,
    decide::Trust,
    judge::WorkError,
    record::{Key, Noun, Record, difference},
};

/// Variations of one product that are read at once.
const VARIATIONS_PER_PAGE: u32 = 100;

/// Settles what only the store can tell. What is gone there is planned as deleted only after a control request proved
/// that the store answers at all: a broken route says 404 too.
pub(crate) async fn settle(context: &StoreContext, keys: Vec<Key>, source: Source) -> Result<Plan, WorkError> {
    let mut fresh = Vec::new();
    let mut gone = Vec::new();
    let mut unreadable = BTreeMap::new();
    for key in keys {
        let fetched = match fetch(context, &key).await {
            Err(WorkError::Woo(error)) if is_about_the_record(&error) => {
                // One record that the store cannot show must not hold up its neighbours; a later version of it is looked at anew.
                tracing::warn!(store.id = %context.store, %error, record = %key.1, "record cannot be read");
                unreadable.insert(key, "unreadable");
                continue;
            }
            fetched => fetched?,
        };
        match fetched {
            Some(record) => fresh.push(Incoming { record, trust: Trust::Fresh, source, received_at: context.now() }),
            None => gone.push(key),
        }
    }
    let mut plan = compare(context, fresh).await?;
    plan.ignored.extend(unreadable);
    if gone.is_empty() {
        return Ok(plan);
    }
    context.pace.turn().await;
    context.client.ping_index().await?;
    let mut held = holdings(context, &gone).await?;
    for key in gone {
        match held.remove(&key) {
            Some(held) if !held.is_deleted => plan.delete.push((key, held, source, context.now())),
            Some(_) => {
                plan.ignored.insert(key, "already_deleted");
            }
            None => {
                plan.ignored.insert(key, "never_held");
            }
        }
    }
    Ok(plan)
}

/// The parents of variations whose price or stock status changed: the store derives the parent's from them, often without moving the
/// parent's modification time or sending word of it.
pub(crate) fn stale_parents(plan: &Plan) -> Vec<Key> {
    let mut parents: Vec<Key> = plan
        .store
        .iter()
        .filter_map(|planned| {
            let Record::Product(item) = &planned.incoming.record else { return None };
            let parent = item.value.parent_remote_id.clone()?;
            let before = planned.held.as_ref().map(|held| &held.fields);
            let changed = difference(before, planned.incoming.record.fields());
            let matters = ["price", "stock_status", "status"].iter().any(|field| changed.contains_key(field));
            matters.then_some((Noun::Product, parent))
        })
        .collect();
    parents.sort_unstable();
    parents.dedup();
    parents.retain(|parent| !plan.store.iter().any(|planned| planned.incoming.record.key() == *parent));
    parents
}

/// Reads refund lines and variations for what is about to be stored; variations join the plan.
pub(crate) async fn complete(context: &StoreContext, plan: &mut Plan) -> Result<(), WorkError> {
    for planned in &mut plan.store {
        let held = planned.held.as_ref();
        if let Record::Order(item) = &mut planned.incoming.record {
            let lacks_lines = |id: &RemoteId| held.is_none_or(|held| held.refunds.get(id.as_str()) != Some(&true));
            if item.value.refunds.iter().any(|refund| lacks_lines(&refund.remote_id)) {
                match read_refunds(context, item).await {
                    Err(WorkError::Woo(error)) if is_about_the_record(&error) => {
                        tracing::warn!(store.id = %context.store, %error, order = %item.value.remote_id, "refunds cannot be read");
                    }
                    ended => ended?,
                }
            }
        }
    }
    let parents: Vec<(RemoteId, Source, Timestamp)> = plan
        .store
        .iter()
        .chain(plan.touch.iter().filter(|planned| planned.incoming.trust == Trust::Fresh))
        .filter_map(|planned| match &planned.incoming.record {
            Record::Product(item) if item.value.is_variable() => {
                Some((item.value.remote_id.clone(), planned.incoming.source, planned.incoming.received_at))
            }
            _ => None,
        })
        .collect();
    for (parent, source, received_at) in parents {
        let variations = match read_variations(context, &parent).await {
            Err(WorkError::Woo(error)) if is_about_the_record(&error) => {
                tracing::warn!(store.id = %context.store, %error, product = %parent, "variations cannot be read");
                continue;
            }
            read => read?,
        };
        let known: Vec<Key> = plan.store.iter().map(|planned| planned.incoming.record.key()).collect();
        let fresh = variations
            .into_iter()
            .map(|record| Incoming { record, trust: Trust::Fresh, source, received_at })
            .filter(|version| !known.contains(&version.record.key()))
            .collect();
        plan.absorb(compare(context, fresh).await?);
    }
    Ok(())
}

/// Whether the failure is this record's own: what others are asked for may well be answered.
const fn is_about_the_record(error: &WooError) -> bool {
    matches!(error.class, Failure::BadJson | Failure::BadRequest | Failure::Forbidden)
}

async fn fetch(context: &StoreContext, (noun, id): &Key) -> Result<Option<Record>, WorkError> {
    context.pace.turn().await;
    let client = &context.client;
    Ok(match noun {
        Noun::Order => found(client.get_order(id).await?, Record::Order),
        Noun::Product => found(client.get_product(id).await?, Record::Product),
        Noun::Customer => found(client.get_customer(id).await?, Record::Customer),
        Noun::Coupon => found(client.get_coupon(id).await?, Record::Coupon),
    })
}

fn found<T>(fetched: Fetched<T>, wrap: impl FnOnce(Box<Item<T>>) -> Record) -> Option<Record> {
    fetched.found().map(|item| wrap(Box::new(item)))
}

async fn read_refunds(context: &StoreContext, item: &mut Item<Order>) -> Result<(), WorkError> {
    context.pace.turn().await;
    let page = context.client.list_refunds(&item.value.remote_id).await?;
    for refund in page.items.into_iter().flatten() {
        // Only what the order itself names: the list may be newer than the order.
        if let Some(known) = item.value.refunds.iter_mut().find(|known| known.remote_id == refund.value.remote_id) {
            known.created_at = refund.value.created_at;
            known.lines = refund.value.lines;
        }
    }
    Ok(())
}

async fn read_variations(context: &StoreContext, parent: &RemoteId) -> Result<Vec<Record>, WorkError> {
    let mut records = Vec::new();
    for page_number in 1_u32.. {
        context.pace.turn().await;
        let paging = Paging { page: page_number, per_page: VARIATIONS_PER_PAGE };
        let page = context.client.list_variations(parent, paging).await?;
        context.learn_clock(page.store_now);
        let is_last = page.is_last(page_number);
        records.extend(page.items.into_iter().flatten().map(|item| Record::Product(Box::new(item))));
        if is_last {
            break;
        }
    }
    Ok(records)
}
