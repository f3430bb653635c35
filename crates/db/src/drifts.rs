//! Differences between a store and our copy that no delivery and no pull had told of: what was found, and what became of it.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{DriftKind, DriftOutcome, RemoteId, Resource, StoreId, TenantId};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// A difference to write down.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDrift {
    pub remote_id: RemoteId,
    pub kind: DriftKind,
    /// Field to `[ours, the store's]`.
    pub detail: Value,
    /// Where it is mended in the same transaction.
    pub outcome: Option<DriftOutcome>,
}

/// A difference as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    pub id: Uuid,
    /// The run that found it.
    pub run_id: Uuid,
    pub resource: Resource,
    pub remote_id: RemoteId,
    pub kind: DriftKind,
    /// Field to `[ours, the store's]`.
    pub detail: Value,
    pub found_at: Timestamp,
    /// When the store was asked about it and our copy was right again.
    pub repaired_at: Option<Timestamp>,
    pub outcome: Option<DriftOutcome>,
}

/// What became of the differences that a run found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub found: i64,
    pub repaired: i64,
    pub gone: i64,
    /// The store could not be asked about them yet.
    pub open: i64,
}

/// Writes down what a page of a walk found. What is known already and still open is not told twice.
///
/// # Errors
/// As every statement.
pub async fn insert(
    tx: &TenantTx,
    store: StoreId,
    run: Uuid,
    resource: Resource,
    found: &[NewDrift],
    now: Timestamp,
) -> Result<(), DbError> {
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = found.iter().map(|_| Uuid::now_v7()).collect();
    let remote_ids: Vec<&str> = found.iter().map(|drift| drift.remote_id.as_str()).collect();
    let kinds: Vec<&str> = found.iter().map(|drift| drift.kind.as_str()).collect();
    let details: Vec<&Value> = found.iter().map(|drift| &drift.detail).collect();
    let outcomes: Vec<Option<&str>> = found.iter().map(|drift| drift.outcome.map(DriftOutcome::as_str)).collect();
    tx.execute(
        include_str!("../queries/drift/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &run,
            &resource.as_str(),
            &now,
            &ids,
            &remote_ids,
            &kinds,
            &details,
            &outcomes,
        ],
    )
    .await?;
    Ok(())
}

/// Closes the open differences of one record, in the transaction of the store's answer about it. A variation may have been met in either
/// listing of its kind.
///
/// # Errors
/// As every statement.
pub async fn settle(
    tx: &TenantTx,
    store: StoreId,
    resources: &[Resource],
    remote_id: &RemoteId,
    outcome: DriftOutcome,
    now: Timestamp,
) -> Result<(), DbError> {
    let resources: Vec<&str> = resources.iter().map(|resource| resource.as_str()).collect();
    tx.execute(
        include_str!("../queries/drift/settle.sql"),
        &[&tx.tenant.uuid(), &store.uuid(), &resources, &remote_id.as_str(), &now, &outcome.as_str()],
    )
    .await?;
    Ok(())
}

/// What became of the differences that a run found.
///
/// # Errors
/// As every statement.
pub async fn tally(tx: &TenantTx, store: StoreId, run: Uuid) -> Result<Tally, DbError> {
    let sql = include_str!("../queries/drift/count.sql");
    let row = tx.query_one(sql, &[&tx.tenant.uuid(), &store.uuid(), &run]).await?;
    Ok(Tally {
        found: row.try_get("found")?,
        repaired: row.try_get("repaired")?,
        gone: row.try_get("gone")?,
        open: row.try_get("open")?,
    })
}

/// A store's differences, newest first, those before `before` if given.
///
/// # Errors
/// As every statement.
pub async fn list(
    tx: &ReadTx,
    tenant: TenantId,
    store: StoreId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Drift>, DbError> {
    let sql = include_str!("../queries/drift/list.sql");
    let rows = tx.query(sql, &[&tenant.uuid(), &store.uuid(), &before, &i64::from(limit)]).await?;
    let inconsistent = |column| DbError::Inconsistent { table: "drift", column };
    rows.iter()
        .map(|row| {
            let outcome: Option<&str> = row.try_get("outcome")?;
            Ok(Drift {
                id: row.try_get("id")?,
                run_id: row.try_get("run_id")?,
                resource: row.try_get::<_, &str>("resource")?.parse().map_err(|_| inconsistent("resource"))?,
                remote_id: RemoteId(row.try_get("remote_id")?),
                kind: row.try_get::<_, &str>("kind")?.parse().map_err(|_| inconsistent("kind"))?,
                detail: row.try_get("detail")?,
                found_at: row.try_get("found_at")?,
                repaired_at: row.try_get("repaired_at")?,
                outcome: outcome.map(str::parse).transpose().map_err(|_| inconsistent("outcome"))?,
            })
        })
        .collect()
}
