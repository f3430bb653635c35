//! Records to be asked of the store again: why, since when, and how often it was tried.
//!
//! Whatever cannot be decided from here ends up in this list, in the transaction that found it out: doubtful deliveries, announced
//! deletes, records that a walk missed, refunds and variations that a listing does not carry. One row per record and purpose.

use jiff::Timestamp;
use storewire_domain::{RemoteId, Source, StoreId};
use tokio_postgres::Row;

use crate::{DbError, ReadTx, TenantTx};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecheckKind {
    Order,
    /// A product, or a variation by its own id.
    Product,
    Customer,
    Coupon,
    /// The refunds of an order with their lines.
    Refunds,
    /// All variations of a variable product.
    Variations,
}

impl RecheckKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Order, Self::Product, Self::Customer, Self::Coupon, Self::Refunds, Self::Variations];

    /// The text that is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Product => "product",
            Self::Customer => "customer",
            Self::Coupon => "coupon",
            Self::Refunds => "refunds",
            Self::Variations => "variations",
        }
    }
}

/// A wish for a record to be asked of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecheck {
    pub kind: RecheckKind,
    /// The record's id in the store; the parent's for `Refunds` and `Variations`.
    pub remote_id: RemoteId,
    /// A machine word: `doubtful`, `deleted`, `absent`, `drift`, `storm`, `lines`, `variations`, `parent`, `retry`, `click`.
    pub reason: &'static str,
    /// What the change log will name as the source of what is found.
    pub source: Source,
    /// When the delivery that caused it was received.
    pub received_at: Option<Timestamp>,
    /// Not before this.
    pub due_at: Timestamp,
}

/// A wish that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recheck {
    pub kind: RecheckKind,
    pub remote_id: RemoteId,
    pub reason: String,
    pub source: Source,
    pub wanted_at: Timestamp,
    pub received_at: Option<Timestamp>,
    pub due_at: Timestamp,
    /// Tries that the store did not answer.
    pub attempts: i16,
    /// How often it was wanted; what is settled is settled up to this wish.
    pub wishes: i64,
}

/// Adds wishes; one that waits already is joined. At most one per kind and record.
///
/// # Errors
/// As every statement.
pub async fn want(tx: &TenantTx, store: StoreId, wishes: &[NewRecheck], now: Timestamp) -> Result<(), DbError> {
    if wishes.is_empty() {
        return Ok(());
    }
    macro_rules! column {
        (|$wish:ident| $value:expr) => {
            wishes.iter().map(|$wish| $value).collect::<Vec<_>>()
        };
    }
    tx.execute(
        include_str!("../queries/recheck/want.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &column!(|wish| wish.kind.as_str()),
            &column!(|wish| wish.remote_id.as_str()),
            &column!(|wish| wish.reason),
            &column!(|wish| wish.source.as_str()),
            &column!(|wish| wish.received_at),
            &now,
            &column!(|wish| wish.due_at),
        ],
    )
    .await?;
    Ok(())
}

/// Which stores have wishes, due or not.
///
/// # Errors
/// As every statement.
pub async fn stores_waiting(tx: &ReadTx) -> Result<Vec<StoreId>, DbError> {
    let rows = tx.query("SELECT DISTINCT store_id FROM recheck LIMIT 1000000", &[]).await?;
    rows.iter().map(|row| Ok(StoreId(row.try_get(0)?))).collect()
}

/// The wish to be met first, due at `now` or not: a person's before what was announced, and that before what a walk wondered about.
///
/// # Errors
/// As every statement.
pub async fn first_due(tx: &TenantTx, store: StoreId, now: Timestamp) -> Result<Option<Recheck>, DbError> {
    let sql = include_str!("../queries/recheck/due.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &now]).await?;
    row.as_ref().map(wish).transpose()
}

fn wish(row: &Row) -> Result<Recheck, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "recheck", column };
    let kind: &str = row.try_get("kind")?;
    Ok(Recheck {
        kind: RecheckKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or_else(|| inconsistent("kind"))?,
        remote_id: RemoteId(row.try_get("remote_id")?),
        reason: row.try_get("reason")?,
        source: row.try_get::<_, &str>("source")?.parse().map_err(|_| inconsistent("source"))?,
        wanted_at: row.try_get("wanted_at")?,
        received_at: row.try_get("received_at")?,
        due_at: row.try_get("due_at")?,
        attempts: row.try_get("attempts")?,
        wishes: row.try_get("wishes")?,
    })
}

/// Whether a record is still to be asked about.
///
/// # Errors
/// As every statement.
pub async fn is_wanted(
    tx: &TenantTx,
    store: StoreId,
    kind: RecheckKind,
    remote_id: &RemoteId,
) -> Result<bool, DbError> {
    let sql = "SELECT FROM recheck WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND remote_id = $4";
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &kind.as_str(), &remote_id.as_str()]).await?;
    Ok(row.is_some())
}

/// Ends wishes in the transaction that stored their answers. One that was wanted again meanwhile stays.
///
/// # Errors
/// As every statement.
pub async fn settle(tx: &TenantTx, store: StoreId, settled: &[Recheck]) -> Result<(), DbError> {
    if settled.is_empty() {
        return Ok(());
    }
    let kinds: Vec<&str> = settled.iter().map(|wish| wish.kind.as_str()).collect();
    let ids: Vec<&str> = settled.iter().map(|wish| wish.remote_id.as_str()).collect();
    let wishes: Vec<i64> = settled.iter().map(|wish| wish.wishes).collect();
    let sql = include_str!("../queries/recheck/settle.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &kinds, &ids, &wishes]).await?;
    Ok(())
}

/// Puts a wish off that the store could not answer, and counts the try.
///
/// # Errors
/// As every statement.
pub async fn postpone(
    tx: &TenantTx,
    store: StoreId,
    wish: &Recheck,
    until: Timestamp,
    error: &str,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/recheck/postpone.sql"),
        &[&tx.tenant.uuid(), &store.uuid(), &wish.kind.as_str(), &wish.remote_id.as_str(), &until, &error],
    )
    .await?;
    Ok(())
}

/// How many records a walk wondered about and nobody has asked about yet.
///
/// # Errors
/// As every statement.
pub async fn count_walked(tx: &TenantTx, store: StoreId) -> Result<i64, DbError> {
    let sql = include_str!("../queries/recheck/count_walked.sql");
    Ok(tx.query_one(sql, &[&tx.tenant.uuid(), &store.uuid()]).await?.try_get("waiting")?)
}
