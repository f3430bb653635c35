//! Brings our copy in line: one transaction for rows, change log, and what they came from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use storewire_db::{
    TenantTx,
    changes::{self, Counted, NewChange},
    checkpoints::{self, Checkpoint},
    coupons, customers,
    dead_letters::{self, NewDeadLetter},
    diary::{self, NewEntry},
    inbox::{self, Verdict},
    orders::{self, Lines, OrderWrite},
    products::{self, ProductWrite},
    rechecks::{self, NewRecheck, Recheck},
};
use storewire_domain::{ChangeKind, DeliveryId, OrderId, ProductId};
use uuid::Uuid;

use super::{
    compare::{Plan, Planned},
    context::{Desk, StoreContext},
    decide::Trust,
    duty::Duty,
    follow::wishes,
    judge::WorkError,
    record::{Noun, Record, difference, lines_hash},
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
    /// What the store is to be asked next, besides what follows from the plan.
    pub(crate) rechecks: Vec<NewRecheck>,
    /// What it was asked, and has answered.
    pub(crate) settled: Vec<Recheck>,
    pub(crate) diary: Vec<NewEntry>,
}

/// A transaction that brings our copy in line: rows, change log, and what they came from.
pub(crate) struct Keeping<'c> {
    context: &'c StoreContext,
    tx: TenantTx,
    now: Timestamp,
    log: Vec<NewChange>,
    counted: Counted,
    wakes_rechecks: bool,
}

/// Carries out a plan and commits it with what goes along.
pub(crate) async fn keep(
    context: &StoreContext,
    desk: &Desk<'_>,
    plan: &Plan,
    along: Along<'_>,
) -> Result<(), WorkError> {
    let mut keeping = Keeping::open(context, desk).await?;
    keeping.write(plan, along).await?;
    keeping.commit().await
}

impl<'c> Keeping<'c> {
    /// Opens the transaction. The desk is held, so what was compared still is as it was.
    pub(crate) async fn open(context: &'c StoreContext, desk: &Desk<'_>) -> Result<Self, WorkError> {
        let tx = context.write().await?;
        Ok(Self::within(context, desk, tx))
    }

    /// The same in a transaction that was opened already, by `StoreContext::write`.
    pub(crate) fn within(context: &'c StoreContext, _desk: &Desk<'_>, tx: TenantTx) -> Self {
        failpoint!("store.before_write", context.store);
        let now = context.now();
        Self { context, tx, now, log: Vec::new(), counted: Counted::default(), wakes_rechecks: false }
    }

    /// For what belongs into the same transaction.
    pub(crate) fn tx(&self) -> &TenantTx {
        &self.tx
    }

    /// When everything in this transaction happens.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Adds an entry to the change log.
    pub(crate) fn log(&mut self, change: NewChange) {
        self.log.push(change);
    }

    /// Writes a plan's rows and what goes along.
    pub(crate) async fn write(&mut self, plan: &Plan, along: Along<'_>) -> Result<(), WorkError> {
        let (context, tx, now) = (self.context, &self.tx, self.now);
        let (log, counted) = (&mut self.log, &mut self.counted);
        log.extend(along.changes);
        counted.last_webhook_at = counted.last_webhook_at.max(along.last_webhook_at);
        write_orders(tx, context, plan, now, log, counted).await?;
        write_products(tx, context, plan, now, log, counted).await?;
        write_others(tx, context, plan, now, log).await?;
        delete(tx, plan, now, log).await?;
        for letter in &along.dead {
            dead_letters::insert(tx, context.store, letter, now).await?;
        }
        for entry in &along.diary {
            diary::write(tx, context.store, entry, now).await?;
        }
        rechecks::settle(tx, context.store, &along.settled).await?;
        let wishes = wishes(plan, along.rechecks, now);
        rechecks::want(tx, context.store, &wishes, now).await?;
        self.wakes_rechecks |= !wishes.is_empty();
        inbox::mark(tx, &along.verdicts, now).await?;
        if let Some(checkpoint) = &along.checkpoint {
            checkpoints::save(tx, context.store, checkpoint, now).await?;
        }
        Ok(())
    }

    /// Numbers the changes, commits, and lets the feed know.
    pub(crate) async fn commit(self) -> Result<(), WorkError> {
        let Self { context, tx, now, log, counted, wakes_rechecks } = self;
        failpoint!("store.before_log", context.store);
        changes::append(&tx, context.store, &log, counted, now).await?;
        failpoint!("store.before_commit", context.store);
        tx.commit().await?;
        failpoint!("store.after_commit", context.store);
        if !log.is_empty() {
            context.shared.feed.send();
        }
        if wakes_rechecks {
            context.wake(Duty::Rechecks);
        }
        metrics::counter!("storewire_changes_total").increment(u64::try_from(log.len()).unwrap_or(0));
        Ok(())
    }
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
        let (id, lines_hash) = (id_of(planned), lines_hash(&item.value));
        counted.orders += i64::from(planned.held.is_none());
        log.push(change(planned, id));
        writes.push(OrderWrite {
            id: OrderId(id),
            order: &item.value,
            raw: &item.raw,
            content_hash: planned.content_hash,
            lines_hash,
            trashed_at: planned.incoming.record.is_trashed().then(|| item.value.modified_at.unwrap_or(now)),
            lines: match &planned.held {
                None => Lines::New,
                // Whoever asked the store wants all of it written, whatever we believe to hold.
                Some(held)
                    if planned.incoming.trust == Trust::Hint && held.lines_hash.as_deref() == Some(&lines_hash) =>
                {
                    Lines::Same
                }
                Some(_) => Lines::Replaced,
            },
            has_refunds: planned.held.as_ref().is_some_and(|held| !held.refunds.is_empty()),
        });
    }
    orders::upsert(tx, context.store, &writes, now).await?;
    let moved: Vec<_> = touched(plan, Noun::Order).map(|(id, at)| (OrderId(id), at)).collect();
    Ok(orders::touch(tx, &moved, now).await?)
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
    Ok(products::touch(tx, &moved, now).await?)
}

async fn write_others(
    tx: &TenantTx,
    context: &StoreContext,
    plan: &Plan,
    now: Timestamp,
    log: &mut Vec<NewChange>,
) -> Result<(), WorkError> {
    let moved = plan.touch.iter().map(|planned| (planned, false));
    for (planned, is_news) in plan.store.iter().map(|planned| (planned, true)).chain(moved) {
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
        if is_news {
            log.push(change(planned, id));
        }
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
