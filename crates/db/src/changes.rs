//! The change log: what every screen follows, and the cursors that resume it without a gap.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{ChangeKind, Source, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, decode::known, scope::Param};

/// A change to append. Its number is given by the database.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub kind: ChangeKind,
    /// Our id of the order, product, customer, coupon or store.
    pub entity_id: Uuid,
    pub source: Source,
    /// When the store says it happened: the sale for a new order, else the modification.
    pub store_time: Option<Timestamp>,
    /// When word of it reached us.
    pub received_at: Option<Timestamp>,
    /// What differs, field by field: before and after.
    pub detail: BTreeMap<&'static str, (Value, Value)>,
}

/// What a batch of changes does to the store's counters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Orders first seen.
    pub orders: i64,
    /// Products first seen (variations are not counted).
    pub products: i64,
    /// When the newest webhook of the batch was received.
    pub last_webhook_at: Option<Timestamp>,
}

/// One entry of the change log.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    /// The entry's number in its store's topic: rising by one, in commit order.
    pub seq: i64,
    pub kind: ChangeKind,
    pub entity_id: Uuid,
    pub source: Source,
    /// When the store says it happened.
    pub store_time: Option<Timestamp>,
    /// When word of it reached us.
    pub received_at: Option<Timestamp>,
    /// When we saved it.
    pub saved_at: Timestamp,
    /// Field to `[before, after]`.
    pub detail: Value,
}

/// Appends changes of one store and moves its counters.
///
/// # Errors
/// As every statement.
pub async fn append(
    tx: &TenantTx,
    store: StoreId,
    changes: &[NewChange],
    counted: Counted,
    now: Timestamp,
) -> Result<(), DbError> {
    append_and_number(tx, store, changes, counted, now).await?;
    Ok(())
}

/// Appends one change of one store, and so tells open pages of it. Let it be the last statement of a transaction: the store's log is locked
/// from here to the commit.
///
/// # Errors
/// As every statement.
pub async fn append_one(tx: &TenantTx, store: StoreId, change: NewChange, now: Timestamp) -> Result<(), DbError> {
    append(tx, store, &[change], Counted::default(), now).await
}

/// As [`append`], and answers the entries as whoever reads the log finds them once they are committed.
///
/// # Errors
/// As every statement.
pub async fn append_and_number(
    tx: &TenantTx,
    store: StoreId,
    changes: &[NewChange],
    counted: Counted,
    now: Timestamp,
) -> Result<Vec<ChangeRow>, DbError> {
    if changes.is_empty() && counted.last_webhook_at.is_none() {
        return Ok(Vec::new());
    }
    let mut entries: Vec<ChangeRow> = changes.iter().map(|change| entry(tx.tenant, store, change, now)).collect();
    macro_rules! column {
        (|$entry:ident| $value:expr) => {
            entries.iter().map(|$entry| $value).collect::<Vec<_>>()
        };
    }
    let params: [Param<'_>; 12] = [
        &tx.tenant.uuid(),
        &store.uuid(),
        &column!(|entry| entry.kind.as_str()),
        &column!(|entry| entry.entity_id),
        &column!(|entry| entry.source.as_str()),
        &column!(|entry| entry.store_time),
        &column!(|entry| entry.received_at),
        &column!(|entry| &entry.detail),
        &now,
        &counted.orders,
        &counted.products,
        &counted.last_webhook_at,
    ];
    let rows = tx.query(include_str!("../queries/change/append.sql"), &params).await?;
    let mut numbers = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    numbers.sort_unstable();
    for (entry, number) in entries.iter_mut().zip(numbers) {
        entry.seq = number;
    }
    Ok(entries)
}

/// The entry of a change, without its number.
fn entry(tenant_id: TenantId, store_id: StoreId, change: &NewChange, saved_at: Timestamp) -> ChangeRow {
    ChangeRow {
        tenant_id,
        store_id,
        seq: 0,
        kind: change.kind,
        entity_id: change.entity_id,
        source: change.source,
        store_time: change.store_time,
        received_at: change.received_at,
        saved_at,
        detail: detail(&change.detail),
    }
}

/// A record's own entries, newest first, the last 200.
///
/// # Errors
/// As every statement.
pub async fn of_entity(tx: &ReadTx, tenant: TenantId, entity: Uuid) -> Result<Vec<ChangeRow>, DbError> {
    let rows = tx.query(include_str!("../queries/change/of_entity.sql"), &[&tenant.uuid(), &entity, &200_i64]).await?;
    known(&rows, change)
}

/// What a reader of the log may lack.
#[derive(Clone, Debug)]
pub struct Missed {
    /// In order per store; `None` if there are more than were asked for.
    pub changes: Option<Vec<ChangeRow>>,
    /// The cursor of the snapshot that they were read in: to be held from now on.
    pub cursor: Cursor,
}

/// Every entry that a reader who holds `cursor` may lack, and the cursor to hold next; repeats are possible, gaps are not. More than
/// `limit` are not read: reload instead.
///
/// # Errors
/// As every statement.
pub async fn follow(tx: &ReadTx, cursor: &Cursor, limit: u32) -> Result<Missed, DbError> {
    let most = i64::from(limit) + 1;
    let params: [Param<'_>; 3] = [&cursor.as_str(), &tx.stores_in_sight(), &most];
    let rows = tx.query(include_str!("../queries/change/since.sql"), &params).await?;
    let Some(first) = rows.first() else {
        return Err(DbError::Inconsistent { table: "change", column: "horizon" });
    };
    let cursor = Cursor(first.try_get::<_, &str>("horizon")?.into());
    let found = if first.try_get::<_, Option<i64>>("seq")?.is_some() { rows.as_slice() } else { &[] };
    let changes = if found.len() > limit as usize { None } else { Some(known(found, change)?) };
    Ok(Missed { changes, cursor })
}

/// The entries alone, as [`follow`] answers them.
///
/// # Errors
/// As every statement.
pub async fn since(tx: &ReadTx, cursor: &Cursor, limit: u32) -> Result<Option<Vec<ChangeRow>>, DbError> {
    Ok(follow(tx, cursor, limit).await?.changes)
}

/// A place in the change log: the oldest transaction that was still open when it was taken. Clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Arc<str>);

impl Cursor {
    /// Reads a cursor that a page or frame carried; `None` if it is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<u64>().ok().map(|horizon| Self(horizon.to_string().into()))
    }

    /// The text to put on a page or frame.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ReadTx {
    /// The cursor of this transaction's snapshot: what it does not see is at or after it.
    ///
    /// # Errors
    /// As every statement.
    pub async fn cursor(&self) -> Result<Cursor, DbError> {
        let row = self.query_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", &[]).await?;
        Ok(Cursor(row.try_get::<_, &str>(0)?.into()))
    }
}

fn detail(fields: &BTreeMap<&'static str, (Value, Value)>) -> Value {
    let pairs = fields
        .iter()
        .map(|(name, (before, after))| ((*name).to_owned(), Value::Array(vec![before.clone(), after.clone()])));
    Value::Object(pairs.collect())
}

fn change(row: &Row) -> Result<ChangeRow, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "change", column };
    Ok(ChangeRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        seq: row.try_get("seq")?,
        kind: row.try_get::<_, String>("kind")?.parse().map_err(|_| inconsistent("kind"))?,
        entity_id: row.try_get("entity_id")?,
        source: row.try_get::<_, String>("source")?.parse().map_err(|_| inconsistent("source"))?,
        store_time: row.try_get("store_time")?,
        received_at: row.try_get("received_at")?,
        saved_at: row.try_get("saved_at")?,
        detail: row.try_get("detail")?,
    })
}
