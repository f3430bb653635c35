//! Brings our copy in line: one transaction for rows, change log, and what they came from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use storewire_db::{
    TenantTx,
    changes::{self, Counted, NewChange},
    checkpoints::{self, Checkpoint},
    coupons, customers,
    dead_letters::{self, NewDeadLetter},
    inbox::{self, Verdict},
    orders::{self, OrderWrite},
    products::{self, ProductWrite},
};
use storewire_domain::{ChangeKind, DeliveryId, OrderId, ProductId};
use uuid::Uuid;

use super::{
    compare::{Plan, Planned},
    context::StoreContext,
    judge::WorkError,
    record::{Noun, Record, difference},
};
use crate::failpoint;

/// What is committed together with a plan's rows.
#[derive(Default)]
pub(crate) struct Along<'a> {
    /// What became of the deliveries that the plan came from.
    pub(crate) verdicts: Vec<(DeliveryId, Timestamp, Verdict)>,
    /// When the newest of them was received.
    pub(crate) last_webhook_at: Option<Timestamp>,
    /// Where the walk stands after the page that the plan came from.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// What could not be decoded.
    pub(crate) dead: Vec<NewDeadLetter<'a>>,
    /// Changes of the store itself.
    pub(crate) changes: Vec<NewChange>,
}

/// Carries out a plan and commits it with what goes along.
pub(crate) async fn keep(context: &StoreContext, plan: &Plan, along: Along<'_>) -> Result<(), WorkError> {
    let now = context.now();
    failpoint!("store.before_write", context.store);
    let tx = context.write().await?;
    let mut log = along.changes;
    let mut counted = Counted { last_webhook_at: along.last_webhook_at, ..Counted::default() };
    write_orders(&tx, context, plan, now, &mut log, &mut counted).await?;
    write_products(&tx, context, plan, now, &mut log, &mut counted).await?;
    write_others(&tx, context, plan, now, &mut log).await?;
    delete(&tx, plan, now, &mut log).await?;
    for letter in &along.dead {
        dead_letters::insert(&tx, context.store, letter, now).await?;
    }
    failpoint!("store.before_log", context.store);
    changes::append(&tx, context.store, &log, counted, now).await?;
    inbox::mark(&tx, &along.verdicts, now).await?;
    if let Some(checkpoint) = &along.checkpoint {
        checkpoints::save(&tx, context.store, checkpoint, now).await?;
    }
    failpoint!("store.before_commit", context.store);
    tx.commit().await?;
    failpoint!("store.after_commit", context.store);
    if !log.is_empty() {
        context.shared.feed.send();
    }
    metrics::counter!("storewire_changes_total").increment(u64::try_from(log.len()).unwrap_or(0));
    Ok(())
}

async fn write_orders(
    tx: &TenantTx,
    context: &StoreContext,
    plan: &Plan,
    now: Timestamp,
    log: &mut Vec<NewChange>,
    counted: &mut Counted,
) -> Result<(), WorkError> {
    let mut writes = Vec::new();
    for planned in &plan.store {
        let Record::Order(item) = &planned.incoming.record else { continue };
        let id = id_of(planned);
        counted.orders += i64::from(planned.held.is_none());
        log.push(change(planned, id));
        writes.push(OrderWrite {
            id: OrderId(id),
            order: &item.value,
            raw: &item.raw,
            content_hash: planned.content_hash,
            trashed_at: planned.incoming.record.is_trashed().then(|| item.value.modified_at.unwrap_or(now)),
        });
    }
    orders::upsert(tx, context.store, &writes, now).await?;
    let moved: Vec<_> = touched(plan, Noun::Order).map(|(id, at)| (OrderId(id), at)).collect();
    Ok(orders::touch(tx, &moved).await?)
}

async fn write_products(
    tx: &TenantTx,
    context: &StoreContext,
    plan: &Plan,
    now: Timestamp,
    log: &mut Vec<NewChange>,
    counted: &mut Counted,
) -> Result<(), WorkError> {
    let mut writes = Vec::new();
    for planned in &plan.store {
        let Record::Product(item) = &planned.incoming.record else { continue };
        let id = id_of(planned);
        counted.products += i64::from(planned.held.is_none() && item.value.parent_remote_id.is_none());
        log.push(change(planned, id));
        writes.push(ProductWrite {
            id: ProductId(id),
            product: &item.value,
            raw: &item.raw,
            content_hash: planned.content_hash,
            trashed_at: planned.incoming.record.is_trashed().then(|| item.value.modified_at.unwrap_or(now)),
        });
    }
    products::upsert(tx, context.store, &writes, now).await?;
    let moved: Vec<_> = touched(plan, Noun::Product).map(|(id, at)| (ProductId(id), at)).collect();
    Ok(products::touch(tx, &moved).await?)
}

async fn write_others(
    tx: &TenantTx,
    context: &StoreContext,
    plan: &Plan,
    now: Timestamp,
    log: &mut Vec<NewChange>,
) -> Result<(), WorkError> {
    for planned in &plan.store {
        let id = id_of(planned);
        match &planned.incoming.record {
            Record::Customer(item) => {
                let (customer, raw) = (&item.value, &item.raw);
                customers::upsert(tx, context.store, id, customer, raw, planned.content_hash, now).await?;
            }
            Record::Coupon(item) => {
                let (coupon, raw) = (&item.value, &item.raw);
                coupons::upsert(tx, context.store, id, coupon, raw, planned.content_hash, now).await?;
            }
            Record::Order(_) | Record::Product(_) => continue,
        }
        log.push(change(planned, id));
    }
    Ok(())
}

async fn delete(tx: &TenantTx, plan: &Plan, now: Timestamp, log: &mut Vec<NewChange>) -> Result<(), WorkError> {
    let of = |noun: Noun| -> Vec<Uuid> {
        plan.delete.iter().filter(|((of, _), ..)| *of == noun).map(|(_, held, ..)| held.id).collect()
    };
    orders::delete(tx, &of(Noun::Order).into_iter().map(OrderId).collect::<Vec<_>>(), now).await?;
    products::delete(tx, &of(Noun::Product).into_iter().map(ProductId).collect::<Vec<_>>(), now).await?;
    customers::delete(tx, &of(Noun::Customer), now).await?;
    coupons::delete(tx, &of(Noun::Coupon), now).await?;
    log.extend(plan.delete.iter().map(|((noun, _), held, source, received_at)| NewChange {
        kind: match noun {
            Noun::Order => ChangeKind::OrderDeleted,
            Noun::Product => ChangeKind::ProductDeleted,
            Noun::Customer => ChangeKind::CustomerChanged,
            Noun::Coupon => ChangeKind::CouponChanged,
        },
        entity_id: held.id,
        source: *source,
        store_time: None,
        received_at: Some(*received_at),
        detail: BTreeMap::new(),
    }));
    Ok(())
}

/// The row's id: the one it has, or the fresh one that the plan gave it.
fn id_of(planned: &Planned) -> Uuid {
    planned.held.as_ref().map_or(planned.fresh_id, |held| held.id)
}

fn touched(plan: &Plan, noun: Noun) -> impl Iterator<Item = (Uuid, Timestamp)> + '_ {
    plan.touch
        .iter()
        .filter(move |planned| planned.incoming.record.key().0 == noun)
        .filter_map(|planned| Some((planned.held.as_ref()?.id, planned.incoming.record.modified_at()?)))
}

fn change(planned: &Planned, id: Uuid) -> NewChange {
    let record = &planned.incoming.record;
    let store_time = if planned.held.is_none() { record.created_at() } else { record.modified_at() };
    NewChange {
        kind: record.change_kind(planned.held.as_ref()),
        entity_id: id,
        source: planned.incoming.source,
        store_time,
        received_at: Some(planned.incoming.received_at),
        detail: difference(planned.held.as_ref().map(|held| &held.fields), record.fields()),
    }
}
