//! The inbox: deliveries as received, and what became of them.

use jiff::Timestamp;
use storewire_domain::{DeliveryId, StoreId, TenantId};
use uuid::Uuid;

use crate::{DbError, IntakeTx, ReadTx, TenantTx};

/// A delivery whose signature was checked, about to be stored.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    pub id: DeliveryId,
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub received_at: Timestamp,
    /// `X-WC-Webhook-Topic`.
    pub topic: String,
    /// `X-WC-Webhook-ID`.
    pub webhook_id: String,
    /// `X-WC-Webhook-Delivery-ID`: not unique, kept to talk about.
    pub delivery_id: String,
    /// `X-WC-Webhook-Source`.
    pub source: String,
    /// The raw bytes that were signed.
    pub body: Vec<u8>,
    pub body_sha256: [u8; 32],
}

/// A delivery that waits to be applied.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: DeliveryId,
    pub received_at: Timestamp,
    pub topic: String,
    pub webhook_id: String,
    pub delivery_id: String,
    pub source: String,
    pub body: Vec<u8>,
    /// How often it was tried before.
    pub attempts: i16,
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its content is in our copy.
    Applied,
    /// It changed nothing, for this reason (`older`, `echo`, `error_object`, …).
    Ignored(&'static str),
    /// It was given up on and set aside as a dead letter.
    Dead(String),
}

/// Stores deliveries; they are durable when the transaction commits.
///
/// # Errors
/// As every statement.
pub async fn insert(tx: &IntakeTx, deliveries: &[NewDelivery]) -> Result<(), DbError> {
    macro_rules! column {
        (|$delivery:ident| $value:expr) => {
            deliveries.iter().map(|$delivery| $value).collect::<Vec<_>>()
        };
    }
    tx.execute(
        include_str!("../queries/inbox/insert.sql"),
        &[
            &column!(|delivery| delivery.tenant_id.uuid()),
            &column!(|delivery| delivery.store_id.uuid()),
            &column!(|delivery| delivery.id.uuid()),
            &column!(|delivery| i16::from(delivery.store_id.shard())),
            &column!(|delivery| delivery.received_at),
            &column!(|delivery| delivery.topic.as_str()),
            &column!(|delivery| delivery.webhook_id.as_str()),
            &column!(|delivery| delivery.delivery_id.as_str()),
            &column!(|delivery| delivery.source.as_str()),
            &column!(|delivery| delivery.body.as_slice()),
            &column!(|delivery| delivery.body_sha256.as_slice()),
        ],
    )
    .await?;
    Ok(())
}

/// Bodies loaded at once; a store that was away may have large ones in plenty.
pub const BATCH_BYTES: usize = 16 << 20;

/// The oldest waiting deliveries of a store, of those behind `after` and received between these times.
///
/// # Errors
/// As every statement.
pub async fn pending(
    tx: &TenantTx,
    store: StoreId,
    limit: u32,
    after: Option<DeliveryId>,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Delivery>, DbError> {
    let after = after.map_or(Uuid::nil(), DeliveryId::uuid);
    let rows = tx
        .query(
            include_str!("../queries/inbox/pending.sql"),
            &[&tx.tenant.uuid(), &store.uuid(), &i64::from(limit), &(BATCH_BYTES as i64), &from, &until, &after],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Delivery {
                id: DeliveryId(row.try_get("id")?),
                received_at: row.try_get("received_at")?,
                topic: row.try_get("topic")?,
                webhook_id: row.try_get("webhook_id")?,
                delivery_id: row.try_get("delivery_id")?,
                source: row.try_get("source")?,
                body: row.try_get("body")?,
                attempts: row.try_get("attempts")?,
            })
        })
        .collect()
}

/// Topics and digests of those of these bodies that were word of a delete of something we did not hold then.
///
/// # Errors
/// As every statement.
pub async fn early_deletes(
    tx: &TenantTx,
    store: StoreId,
    body_sha256: &[[u8; 32]],
) -> Result<Vec<(String, Vec<u8>)>, DbError> {
    let bodies: Vec<&[u8]> = body_sha256.iter().map(<[u8; 32]>::as_slice).collect();
    let sql = include_str!("../queries/inbox/early_deletes.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &bodies]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Counts one more attempt for each of these.
///
/// # Errors
/// As every statement.
pub async fn count_attempt(tx: &TenantTx, deliveries: &[Delivery]) -> Result<(), DbError> {
    change_attempts(tx, include_str!("../queries/inbox/attempt.sql"), deliveries).await
}

/// Takes a counted attempt back, after a failure that was not the delivery's fault.
///
/// # Errors
/// As every statement.
pub async fn uncount_attempt(tx: &TenantTx, deliveries: &[Delivery]) -> Result<(), DbError> {
    change_attempts(tx, include_str!("../queries/inbox/unattempt.sql"), deliveries).await
}

async fn change_attempts(tx: &TenantTx, sql: &str, deliveries: &[Delivery]) -> Result<(), DbError> {
    let places = deliveries.iter().map(|delivery| (delivery.id, delivery.received_at));
    let Some(Bounds { ids: (first, last), times: (from, until) }) = Bounds::of(places) else { return Ok(()) };
    let ids: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.id.uuid()).collect();
    tx.execute(sql, &[&tx.tenant.uuid(), &ids, &first, &last, &from, &until]).await?;
    Ok(())
}

/// Where deliveries lie in the inbox: the first and last of their ids and times.
struct Bounds {
    ids: (Uuid, Uuid),
    times: (Timestamp, Timestamp),
}

impl Bounds {
    fn of(places: impl Iterator<Item = (DeliveryId, Timestamp)>) -> Option<Self> {
        let alone = |(id, at): (DeliveryId, Timestamp)| Self { ids: (id.uuid(), id.uuid()), times: (at, at) };
        places.map(alone).reduce(|all, one| Self {
            ids: (all.ids.0.min(one.ids.0), all.ids.1.max(one.ids.1)),
            times: (all.times.0.min(one.times.0), all.times.1.max(one.times.1)),
        })
    }
}

/// Says what became of deliveries, in the transaction that made it so.
///
/// # Errors
/// As every statement.
pub async fn mark(tx: &TenantTx, verdicts: &[(DeliveryId, Timestamp, Verdict)], now: Timestamp) -> Result<(), DbError> {
    let places = verdicts.iter().map(|(id, received_at, _)| (*id, *received_at));
    let Some(Bounds { ids: (first, last), times: (from, until) }) = Bounds::of(places) else { return Ok(()) };
    let ids: Vec<Uuid> = verdicts.iter().map(|(id, _, _)| id.uuid()).collect();
    let states: Vec<&str> = verdicts.iter().map(|(_, _, verdict)| verdict.state()).collect();
    let reasons: Vec<Option<&str>> = verdicts.iter().map(|(_, _, verdict)| verdict.reason()).collect();
    tx.execute(
        include_str!("../queries/inbox/mark.sql"),
        &[&tx.tenant.uuid(), &ids, &states, &reasons, &now, &first, &last, &from, &until],
    )
    .await?;
    Ok(())
}

/// Stores with deliveries waiting, for the supervisor's start.
///
/// # Errors
/// As every statement.
pub async fn stores_waiting(tx: &ReadTx) -> Result<Vec<(TenantId, StoreId)>, DbError> {
    let rows = tx.query(include_str!("../queries/inbox/stores_waiting.sql"), &[]).await?;
    rows.iter().map(|row| Ok((TenantId(row.try_get(0)?), StoreId(row.try_get(1)?)))).collect()
}

impl Verdict {
    fn state(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored(_) => "ignored",
            Self::Dead(_) => "dead",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Applied => None,
            Self::Ignored(reason) => Some(reason),
            Self::Dead(reason) => Some(reason),
        }
    }
}
