//! Brings our copy in line: one transaction for rows, change log, and what they came from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use storewire_db::{
    DbError, Sent, TenantTx,
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
use storewire_domain::{ChangeKind, DeliveryId, OrderId, ProductId, Source, StoreId};
use uuid::Uuid;

use super::{
    aftermath,
    compare::{Plan, Planned},
    context::{Desk, StoreContext},
    duty::Duty,
    follow::wishes,
    judge::WorkError,
    record::{Held, Key, Noun, Record, difference, lines_hash},
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

    /// Writes a plan's rows and what goes along, all of it under way at once.
    pub(crate) async fn write(&mut self, plan: &Plan, along: Along<'_>) -> Result<(), WorkError> {
        let (context, tx, now) = (self.context, &self.tx, self.now);
        let store = context.store;
        self.log.extend(along.changes);
        self.log.extend(changes_of(plan));
        self.counted.last_webhook_at = self.counted.last_webhook_at.max(along.last_webhook_at);
        self.counted.orders += newcomers(plan, |record| matches!(record, Record::Order(_)));
        self.counted.products +=
            newcomers(plan, |record| matches!(record, Record::Product(item) if item.value.parent_remote_id.is_none()));
        let wishes = wishes(plan, along.rechecks, now);
        self.wakes_rechecks |= !wishes.is_empty();
        let (.., followed) = tokio::try_join!(
            biased;
            write_orders(tx, store, plan, now),
            write_products(tx, store, plan, now),
            write_others(tx, store, plan, now),
            delete(tx, plan, now),
            set_aside(tx, store, &along.dead, now),
            enter(tx, store, &along.diary, now),
            ask(tx, store, &along.settled, &wishes, now),
            inbox::mark(tx, &along.verdicts, now),
            move_on(tx, store, along.checkpoint.as_ref(), now),
            aftermath::of(tx, store, plan, now),
        )?;
        self.log.extend(followed);
        Ok(())
    }

    /// Numbers the changes, commits, and lets the feed know.
    pub(crate) async fn commit(self) -> Result<(), WorkError> {
        let Self { context, tx, now, log, counted, wakes_rechecks } = self;
        failpoint!("store.before_commit", context.store);
        let entries = tx.commit_behind(changes::append_and_number(&tx, context.store, &log, counted, now)).await?;
        failpoint!("store.after_commit", context.store);
        if !entries.is_empty() {
            context.shared.feed.tell(entries);
        }
        if wakes_rechecks {
            context.wake(Duty::Rechecks);
        }
        metrics::counter!("storewire_changes_total").increment(u64::try_from(log.len()).unwrap_or(0));
        Ok(())
    }
}

async fn write_orders(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<(), DbError> {
    let writes: Vec<OrderWrite<'_>> = plan.store.iter().filter_map(|planned| order_write(planned, now)).collect();
    let moved: Vec<_> = touched(plan, Noun::Order).map(|(id, at)| (OrderId(id), at)).collect();
    tokio::try_join!(biased; orders::upsert(tx, store, &writes, now), orders::touch(tx, &moved, now))?;
    Ok(())
}

fn order_write(planned: &Planned, now: Timestamp) -> Option<OrderWrite<'_>> {
    let Record::Order(item) = &planned.incoming.record else { return None };
    let (lines_hash, sent) = (lines_hash(&item.value), sent(planned));
    let lines = match &planned.held {
        None => Lines::New,
        // Whoever asked the store wants all of it written, whatever we believe to hold.
        Some(held) if sent.read_at.is_none() && held.lines_hash.as_deref() == Some(lines_hash.as_slice()) => {
            Lines::Same
        }
        Some(_) => Lines::Replaced,
    };
    Some(OrderWrite {
        id: OrderId(id_of(planned)),
        order: &item.value,
        sent,
        lines_hash,
        trashed_at: planned.incoming.record.is_trashed().then(|| item.value.modified_at.unwrap_or(now)),
        lines,
        has_refunds: planned.held.as_ref().is_some_and(|held| !held.refunds.is_empty()),
    })
}

async fn write_products(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<(), DbError> {
    let write = |planned| product_write(planned, now);
    let writes: Vec<ProductWrite<'_>> = plan.store.iter().filter_map(write).collect();
    let moved: Vec<_> = touched(plan, Noun::Product).map(|(id, at)| (ProductId(id), at)).collect();
    tokio::try_join!(biased; products::upsert(tx, store, &writes, now), products::touch(tx, &moved, now))?;
    Ok(())
}

fn product_write(planned: &Planned, now: Timestamp) -> Option<ProductWrite<'_>> {
    let Record::Product(item) = &planned.incoming.record else { return None };
    Some(ProductWrite {
        id: ProductId(id_of(planned)),
        product: &item.value,
        sent: sent(planned),
        trashed_at: planned.incoming.record.is_trashed().then(|| item.value.modified_at.unwrap_or(now)),
    })
}

async fn write_others(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<(), DbError> {
    for planned in plan.store.iter().chain(&plan.touch) {
        let (id, sent) = (id_of(planned), sent(planned));
        match &planned.incoming.record {
            Record::Customer(item) => {
                customers::upsert(tx, store, id, &item.value, sent, now).await?;
            }
            Record::Coupon(item) => coupons::upsert(tx, store, id, &item.value, sent, now).await?,
            Record::Order(_) | Record::Product(_) => {}
        }
    }
    Ok(())
}

async fn delete(tx: &TenantTx, plan: &Plan, now: Timestamp) -> Result<(), DbError> {
    let of = |noun: Noun| -> Vec<Uuid> {
        plan.delete.iter().filter(|((of, _), ..)| *of == noun).map(|(_, held, ..)| held.id).collect()
    };
    let orders: Vec<_> = of(Noun::Order).into_iter().map(OrderId).collect();
    let products: Vec<_> = of(Noun::Product).into_iter().map(ProductId).collect();
    let (customers, coupons) = (of(Noun::Customer), of(Noun::Coupon));
    tokio::try_join!(
        biased;
        orders::delete(tx, &orders, now),
        products::delete(tx, &products, now),
        customers::delete(tx, &customers, now),
        coupons::delete(tx, &coupons, now),
    )?;
    Ok(())
}

async fn set_aside(tx: &TenantTx, store: StoreId, dead: &[NewDeadLetter<'_>], now: Timestamp) -> Result<(), DbError> {
    for letter in dead {
        dead_letters::insert(tx, store, letter, now).await?;
    }
    Ok(())
}

async fn enter(tx: &TenantTx, store: StoreId, entries: &[NewEntry], now: Timestamp) -> Result<(), DbError> {
    for entry in entries {
        diary::write(tx, store, entry, now).await?;
    }
    Ok(())
}

/// What was answered goes before what is asked next: both may be about one record.
async fn ask(
    tx: &TenantTx,
    store: StoreId,
    settled: &[Recheck],
    wishes: &[NewRecheck],
    now: Timestamp,
) -> Result<(), DbError> {
    tokio::try_join!(biased; rechecks::settle(tx, store, settled), rechecks::want(tx, store, wishes, now))?;
    Ok(())
}

async fn move_on(
    tx: &TenantTx,
    store: StoreId,
    checkpoint: Option<&Checkpoint>,
    now: Timestamp,
) -> Result<(), DbError> {
    match checkpoint {
        Some(checkpoint) => checkpoints::save(tx, store, checkpoint, now).await,
        None => Ok(()),
    }
}

/// What the change log is to say of a plan: orders, products, what else there is, and what is gone.
fn changes_of(plan: &Plan) -> Vec<NewChange> {
    let of = |picks: fn(Noun) -> bool| {
        plan.store.iter().filter(move |planned| picks(planned.incoming.record.key().0)).map(change)
    };
    let orders = of(|noun| noun == Noun::Order);
    let products = of(|noun| noun == Noun::Product);
    let others = of(|noun| matches!(noun, Noun::Customer | Noun::Coupon));
    orders.chain(products).chain(others).chain(plan.delete.iter().map(end)).collect()
}

/// How many of these were never seen before.
fn newcomers(plan: &Plan, counts: impl Fn(&Record) -> bool) -> i64 {
    let new = plan.store.iter().filter(|planned| planned.held.is_none() && counts(&planned.incoming.record));
    i64::try_from(new.count()).unwrap_or(i64::MAX)
}

/// The row's id: the one it has, or the fresh one that the plan gave it.
fn id_of(planned: &Planned) -> Uuid {
    planned.held.as_ref().map_or(planned.fresh_id, |held| held.id)
}

fn sent(planned: &Planned) -> Sent<'_> {
    let Planned { incoming, content_hash, .. } = planned;
    Sent { raw: incoming.record.raw(), content_hash: *content_hash, read_at: incoming.trust.asked_at() }
}

fn touched(plan: &Plan, noun: Noun) -> impl Iterator<Item = (Uuid, Timestamp)> + '_ {
    plan.touch
        .iter()
        .filter(move |planned| planned.incoming.record.key().0 == noun)
        .filter_map(|planned| Some((planned.held.as_ref()?.id, planned.incoming.record.modified_at()?)))
}

fn change(planned: &Planned) -> NewChange {
    let record = &planned.incoming.record;
    let store_time = if planned.held.is_none() { record.created_at() } else { record.modified_at() };
    NewChange {
        kind: record.change_kind(planned.held.as_ref()),
        entity_id: id_of(planned),
        source: planned.incoming.source,
        store_time,
        received_at: Some(planned.incoming.received_at),
        detail: difference(planned.held.as_ref().map(|held| &held.fields), record.fields()),
    }
}

fn end(((noun, _), held, source, received_at): &(Key, Held, Source, Timestamp)) -> NewChange {
    NewChange {
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
    }
}
