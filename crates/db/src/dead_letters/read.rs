//! Dead letters by cause, as a list, and one with its bytes.

use jiff::Timestamp;
use storewire_domain::{StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx};

/// Open dead letters that have store, cause and topic in common.
#[derive(Clone, Debug)]
pub struct DeadCause {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    /// `undecodable`, `crashed`, `foreign_source`, `unreadable`.
    pub cause: String,
    /// Webhook topic, resource of the page, or kind of the record.
    pub topic: String,
    /// The newest one's reason.
    pub sample_reason: String,
    pub count: i64,
    /// When the newest was set aside.
    pub newest: Timestamp,
}

/// One dead letter without its bytes.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    /// The delivery's id for `delivery`.
    pub id: Uuid,
    /// `delivery`, `page` or `record`.
    pub origin: String,
    /// Webhook topic, resource of the page, or kind of the record.
    pub topic: String,
    pub remote_id: Option<String>,
    /// The machine word that groups it.
    pub cause: String,
    /// What went wrong with it, for a person.
    pub reason: String,
    pub received_at: Timestamp,
    /// When it was set aside last.
    pub created_at: Timestamp,
    pub retried_at: Option<Timestamp>,
    /// When a person retried or discarded it; open while `None`.
    pub resolved_at: Option<Timestamp>,
    /// The length of its body.
    pub bytes: i64,
}

/// Which open dead letters a list shows.
#[derive(Clone, Debug)]
pub struct DeadFilter {
    pub store: Option<StoreId>,
    pub cause: Option<String>,
    /// Those set aside before this one.
    pub before: Option<Uuid>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for DeadFilter {
    fn default() -> Self {
        Self { store: None, cause: None, before: None, limit: 50 }
    }
}

/// Open dead letters grouped by store, cause and topic, the largest heap first.
///
/// # Errors
/// As every statement.
pub async fn causes(tx: &ReadTx, store: Option<StoreId>) -> Result<Vec<DeadCause>, DbError> {
    let sql = include_str!("../../queries/dead_letter/causes.sql");
    let rows = tx.query(sql, &[&tx.stores_in_sight(), &store.map(StoreId::uuid)]).await?;
    rows.iter()
        .map(|row| {
            Ok(DeadCause {
                tenant_id: TenantId(row.try_get("tenant_id")?),
                store_id: StoreId(row.try_get("store_id")?),
                store_name: row.try_get("store_name")?,
                cause: row.try_get("cause")?,
                topic: row.try_get("topic")?,
                sample_reason: row.try_get("sample_reason")?,
                count: row.try_get("letters")?,
                newest: row.try_get("newest")?,
            })
        })
        .collect()
}

/// Open dead letters, newest first.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, filter: &DeadFilter) -> Result<Vec<DeadLetter>, DbError> {
    let rows = tx
        .query(
            include_str!("../../queries/dead_letter/list.sql"),
            &[
                &tx.stores_in_sight(),
                &filter.store.map(StoreId::uuid),
                &filter.cause,
                &filter.before,
                &i64::from(filter.limit),
            ],
        )
        .await?;
    rows.iter().map(letter).collect()
}

/// One dead letter, open or not, with its raw bytes, if the reader may see its store.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: Uuid) -> Result<Option<(DeadLetter, Vec<u8>)>, DbError> {
    let sql = include_str!("../../queries/dead_letter/find.sql");
    let row = tx.query_opt(sql, &[&id, &tx.stores_in_sight()]).await?;
    row.map(|row| Ok((letter(&row)?, row.try_get("body")?))).transpose()
}

fn letter(row: &Row) -> Result<DeadLetter, DbError> {
    Ok(DeadLetter {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        id: row.try_get("id")?,
        origin: row.try_get("origin")?,
        topic: row.try_get("topic")?,
        remote_id: row.try_get("remote_id")?,
        cause: row.try_get("cause")?,
        reason: row.try_get("reason")?,
        received_at: row.try_get("received_at")?,
        created_at: row.try_get("created_at")?,
        retried_at: row.try_get("retried_at")?,
        resolved_at: row.try_get("resolved_at")?,
        bytes: row.try_get("bytes")?,
    })
}
