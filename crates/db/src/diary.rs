//! A store's diary: what happened to it, for the people who look after it.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{StoreId, TenantId, UserId};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// An entry to write.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// A machine word, a key of the panel's texts.
    pub kind: &'static str,
    /// The numbers and names of the text: an object of texts and numbers.
    pub detail: Value,
    /// Who did it, if a person did.
    pub user: Option<UserId>,
}

impl NewEntry {
    /// An entry of the engine's own.
    #[must_use]
    pub const fn of_engine(kind: &'static str, detail: Value) -> Self {
        Self { kind, detail, user: None }
    }
}

/// An entry as written.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub at: Timestamp,
    pub kind: String,
    pub detail: Value,
    pub user_name: Option<String>,
}

/// Writes an entry, in the transaction of what it tells.
///
/// # Errors
/// As every statement.
pub async fn write(tx: &TenantTx, store: StoreId, entry: &NewEntry, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/diary/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &Uuid::now_v7(),
            &now,
            &entry.kind,
            &entry.detail,
            &entry.user.map(UserId::uuid),
        ],
    )
    .await?;
    Ok(())
}

/// Writes an entry unless one of its kind whose detail holds all of `same` was written at or after `since`; answers whether it did.
///
/// # Errors
/// As every statement.
pub async fn write_once(
    tx: &TenantTx,
    store: StoreId,
    entry: &NewEntry,
    same: &Value,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/diary/is_written.sql");
    let params: [crate::scope::Param<'_>; 5] = [&tx.tenant.uuid(), &store.uuid(), &entry.kind, same, &since];
    if tx.query_opt(sql, &params).await?.is_some() {
        return Ok(false);
    }
    write(tx, store, entry, now).await?;
    Ok(true)
}

/// A store's entries, newest first, those before `before` if given.
///
/// # Errors
/// As every statement.
pub async fn list(
    tx: &ReadTx,
    tenant: TenantId,
    store: StoreId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    let sql = include_str!("../queries/diary/list.sql");
    let rows = tx.query(sql, &[&tenant.uuid(), &store.uuid(), &before, &i64::from(limit)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                id: row.try_get("id")?,
                at: row.try_get("at")?,
                kind: row.try_get("kind")?,
                detail: row.try_get("detail")?,
                user_name: row.try_get("user_name")?,
            })
        })
        .collect()
}
