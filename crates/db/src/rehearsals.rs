//! Rehearsals: their rows, what is measured of their tenants, and the end of their twins' rows.

mod clear;
mod measure;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use storewire_domain::{
    ChangeKind, Source, StoreId, TenantId, UserId,
    rehearsal::{Moment, Phase, Progress, Report, Wish},
};
use tokio_postgres::Row;
use uuid::Uuid;

pub use clear::{TABLES, clear, interrupt, kept, set_still};
pub use measure::{Backlog, Left, backlog, lag, left, measured};

use crate::{
    ChangeRow, DbError, ReadTx, TenantTx,
    changes::{self, NewChange},
    select::{Select, borrowed},
};

/// A rehearsal.
#[derive(Clone, Debug)]
pub struct RehearsalRow {
    /// The tenant of its twins, and the name of the rehearsal itself in every address.
    pub tenant_id: TenantId,
    pub name: String,
    pub node: Uuid,
    /// Who wished for it.
    pub wished_by: Option<String>,
    pub wish: Wish,
    pub phase: Phase,
    /// Why it failed.
    pub reason: Option<String>,
    pub progress: Progress,
    pub report: Option<Report>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// When the twins' rows were deleted.
    pub cleared_at: Option<Timestamp>,
}

/// A rehearsal that begins, in the transaction of its tenant.
#[derive(Clone, Debug)]
pub struct NewRehearsal {
    pub name: String,
    pub node: Uuid,
    pub wished_by: UserId,
    pub wish: Wish,
}

/// Writes down a rehearsal that begins.
///
/// # Errors
/// As every statement; `Driver` for a tenant that is a real one.
pub async fn insert(tx: &TenantTx, new: &NewRehearsal, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/rehearsal/insert.sql"),
        &[&tx.tenant.uuid(), &new.name, &new.node, &new.wished_by.uuid(), &stored(&new.wish), &now],
    )
    .await?;
    Ok(())
}

/// The newest rehearsals.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, limit: u32) -> Result<Vec<RehearsalRow>, DbError> {
    let select = Select::new(include_str!("../queries/rehearsal/list.sql"));
    let (sql, params) = select.finish("ORDER BY rehearsal.created_at DESC, rehearsal.tenant_id", limit);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(rehearsal).collect()
}

/// One rehearsal.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: TenantId) -> Result<Option<RehearsalRow>, DbError> {
    let mut select = Select::new(include_str!("../queries/rehearsal/list.sql"));
    select.filter("rehearsal.tenant_id = $", id.uuid());
    let (sql, params) = select.finish("ORDER BY rehearsal.tenant_id", 1);
    tx.query_opt(&sql, &borrowed(&params)).await?.as_ref().map(rehearsal).transpose()
}

/// Writes down how far it is; nothing once it is over.
///
/// # Errors
/// As every statement.
pub async fn save(tx: &TenantTx, phase: Phase, progress: &Progress) -> Result<(), DbError> {
    let sql = include_str!("../queries/rehearsal/save.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &phase.as_str(), &stored(progress)]).await?;
    Ok(())
}

/// Tells its page how it stands, in the log of the first of its twins; nothing while there is none.
///
/// # Errors
/// As every statement.
pub async fn tell(tx: &TenantTx, moment: &Moment, now: Timestamp) -> Result<(), DbError> {
    let first = "SELECT id FROM store WHERE tenant_id = $1 ORDER BY id LIMIT 1";
    let Some(twin) = tx.query_opt(first, &[&tx.tenant.uuid()]).await? else { return Ok(()) };
    let change = NewChange {
        kind: ChangeKind::RehearsalMoved,
        entity_id: tx.tenant.uuid(),
        source: Source::Engine,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([(MOMENT, (Value::Null, stored(moment)))]),
    };
    changes::append_one(tx, StoreId(twin.try_get(0)?), change, now).await
}

/// What an entry of the change log told of a rehearsal.
#[must_use]
pub fn told(change: &ChangeRow) -> Option<Moment> {
    serde_json::from_value(change.detail.get(MOMENT)?.get(1)?.clone()).ok()
}

/// The field of the change log's entry.
const MOMENT: &str = "moment";

/// How a rehearsal ended.
#[derive(Clone, Debug)]
pub struct Ending<'a> {
    pub phase: Phase,
    /// Why, if it was not done.
    pub reason: Option<&'a str>,
    pub report: Option<&'a Report>,
}

/// Writes down its end, and answers whether it was not over before.
///
/// # Errors
/// As every statement.
pub async fn finish(tx: &TenantTx, ending: &Ending<'_>, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/rehearsal/finish.sql");
    let report = ending.report.map(stored);
    let params: [crate::scope::Param<'_>; 5] =
        [&tx.tenant.uuid(), &ending.phase.as_str(), &ending.reason, &report, &now];
    Ok(tx.execute(sql, &params).await? > 0)
}

/// These types cannot fail to be JSON: their maps have text for keys.
fn stored(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn rehearsal(row: &Row) -> Result<RehearsalRow, DbError> {
    Ok(RehearsalRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        name: row.try_get("name")?,
        node: row.try_get("node")?,
        wished_by: row.try_get("wished_by")?,
        wish: read(row.try_get("wish")?, "wish")?,
        phase: row.try_get::<_, &str>("phase")?.parse().map_err(|_| inconsistent("phase"))?,
        reason: row.try_get("reason")?,
        progress: read_or_default(row.try_get("progress")?, "progress")?,
        report: row.try_get::<_, Option<Value>>("report")?.map(|value| read(value, "report")).transpose()?,
        created_at: row.try_get("created_at")?,
        finished_at: row.try_get("finished_at")?,
        cleared_at: row.try_get("cleared_at")?,
    })
}

fn read<T: DeserializeOwned>(value: Value, column: &'static str) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|_| inconsistent(column))
}

/// Nothing was measured yet.
fn read_or_default<T: DeserializeOwned + Default>(value: Value, column: &'static str) -> Result<T, DbError> {
    if value.as_object().is_some_and(serde_json::Map::is_empty) { Ok(T::default()) } else { read(value, column) }
}

const fn inconsistent(column: &'static str) -> DbError {
    DbError::Inconsistent { table: "rehearsal", column }
}
