//! Received webhooks as people look at them: a list, one with its bytes, and replay.

use jiff::Timestamp;
use storewire_domain::{DeliveryId, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, dead_letters};

/// One delivery without its bytes.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    pub id: DeliveryId,
    pub received_at: Timestamp,
    /// `X-WC-Webhook-Topic`.
    pub topic: String,
    /// `X-WC-Webhook-ID`.
    pub webhook_id: String,
    /// `X-WC-Webhook-Delivery-ID`: not unique, kept to talk about.
    pub delivery_id: String,
    /// `X-WC-Webhook-Source`.
    pub source: String,
    /// `pending`, `applied`, `ignored` or `dead`.
    pub state: String,
    /// Why it was ignored or given up on.
    pub reason: Option<String>,
    /// How often it was begun without an end.
    pub attempts: i16,
    pub handled_at: Option<Timestamp>,
    /// The length of its body.
    pub bytes: i64,
}

/// Which deliveries a list shows.
#[derive(Clone, Debug)]
pub struct DeliveryFilter {
    pub store: Option<StoreId>,
    pub state: Option<String>,
    pub topic: Option<String>,
    /// Those before this one.
    pub before: Option<Uuid>,
    /// Those received from then on.
    pub since: Option<Timestamp>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for DeliveryFilter {
    fn default() -> Self {
        Self { store: None, state: None, topic: None, before: None, since: None, limit: 50 }
    }
}

/// A page of deliveries, newest first.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, DbError> {
    let rows = tx
        .query(
            include_str!("../queries/delivery/list.sql"),
            &[
                &tx.stores_in_sight(),
                &filter.store.map(StoreId::uuid),
                &filter.state,
                &filter.topic,
                &filter.before,
                &filter.since,
                &i64::from(filter.limit),
            ],
        )
        .await?;
    rows.iter().map(delivery).collect()
}

/// One delivery with its raw bytes, if the reader may see its store.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: DeliveryId) -> Result<Option<(DeliveryRow, Vec<u8>)>, DbError> {
    let sql = include_str!("../queries/delivery/find.sql");
    let row = tx.query_opt(sql, &[&id.uuid(), &tx.stores_in_sight()]).await?;
    row.map(|row| Ok((delivery(&row)?, row.try_get("body")?))).transpose()
}

/// Has deliveries of a store handled again by today's code, and answers how many. Their dead letters, if they have any, wait for the
/// new verdict.
///
/// # Errors
/// As every statement.
pub async fn replay(tx: &TenantTx, store: StoreId, ids: &[Uuid], now: Timestamp) -> Result<u64, DbError> {
    let replayed =
        tx.execute(include_str!("../queries/delivery/replay.sql"), &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    dead_letters::mark_retried(tx, store, ids, now).await?;
    Ok(replayed)
}

fn delivery(row: &Row) -> Result<DeliveryRow, DbError> {
    Ok(DeliveryRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        id: DeliveryId(row.try_get("id")?),
        received_at: row.try_get("received_at")?,
        topic: row.try_get("topic")?,
        webhook_id: row.try_get("webhook_id")?,
        delivery_id: row.try_get("delivery_id")?,
        source: row.try_get("source")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        attempts: row.try_get("attempts")?,
        handled_at: row.try_get("handled_at")?,
        bytes: row.try_get("bytes")?,
    })
}
