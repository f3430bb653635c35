//! Setting items aside, and a person's two decisions about them.

use std::collections::HashSet;

use jiff::Timestamp;
use storewire_domain::{RemoteId, Resource, Source, StoreId};
use uuid::Uuid;

use crate::{
    DbError, TenantTx, deliveries,
    rechecks::{self, NewRecheck, RecheckKind},
};

/// An item to set aside.
#[derive(Clone, Debug)]
pub struct NewDeadLetter<'a> {
    /// The delivery's id, or a fresh one for an item of a page.
    pub id: Uuid,
    /// `delivery`, `page` or `record`.
    pub origin: &'static str,
    /// Webhook topic, or resource of the page.
    pub topic: &'a str,
    pub remote_id: Option<String>,
    /// A machine word that groups dead letters: `undecodable`, `crashed`, `foreign_source`, `unreadable`.
    pub cause: &'static str,
    pub reason: String,
    pub body: Vec<u8>,
    pub received_at: Timestamp,
}

/// What came of a retry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Deliveries that wait in the inbox again.
    pub deliveries: u64,
    /// Records that are to be asked of the store again.
    pub records: u64,
    /// Those that stay open: closed meanwhile, or of a record whose id could not be read, which only the store can mend.
    pub left: u64,
}

/// Sets an item aside; once per id. One that was tried again and failed again is open again.
///
/// # Errors
/// As every statement.
pub async fn insert(tx: &TenantTx, store: StoreId, letter: &NewDeadLetter<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../../queries/dead_letter/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &letter.id,
            &letter.origin,
            &letter.topic,
            &letter.remote_id,
            &letter.reason,
            &letter.body,
            &letter.received_at,
            &now,
            &letter.cause,
        ],
    )
    .await?;
    Ok(())
}

/// The oldest open dead letters of a store, of one cause if given.
///
/// # Errors
/// As every statement.
pub async fn open(tx: &TenantTx, store: StoreId, cause: Option<&str>, limit: u32) -> Result<Vec<Uuid>, DbError> {
    let sql = include_str!("../../queries/dead_letter/open.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &cause, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Tries dead letters again: a delivery waits in the inbox once more, an item of a page or a record is asked of the store.
/// Each is closed by it, and opened again by its next failure.
///
/// # Errors
/// As every statement.
pub async fn retry(tx: &TenantTx, store: StoreId, ids: &[Uuid], now: Timestamp) -> Result<Retried, DbError> {
    let key: [crate::scope::Param<'_>; 3] = [&tx.tenant.uuid(), &store.uuid(), &ids];
    let rows = tx.query(include_str!("../../queries/dead_letter/take.sql"), &key).await?;
    let (mut delivered, mut asked) = (Vec::new(), Vec::new());
    let mut wishes: Vec<NewRecheck> = Vec::new();
    let mut known = HashSet::new();
    for row in &rows {
        let id: Uuid = row.try_get("id")?;
        let (origin, topic): (&str, &str) = (row.try_get("origin")?, row.try_get("topic")?);
        let remote_id: Option<String> = row.try_get("remote_id")?;
        if origin == "delivery" {
            delivered.push(id);
        } else if let Some((kind, remote_id)) = kind_of(origin, topic).zip(remote_id.map(RemoteId)) {
            asked.push(id);
            if known.insert((kind, remote_id.clone())) {
                wishes.push(wish(kind, remote_id, now));
            }
        }
    }
    deliveries::replay(tx, store, &delivered, now).await?;
    let sql = include_str!("../../queries/dead_letter/redeliver.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &delivered, &now]).await?;
    rechecks::want(tx, store, &wishes, now).await?;
    mark_retried(tx, store, &asked, now).await?;
    let (delivered, asked) = (delivered.len() as u64, asked.len() as u64);
    Ok(Retried { deliveries: delivered, records: asked, left: (ids.len() as u64).saturating_sub(delivered + asked) })
}

/// Closes dead letters whose items are being tried again.
///
/// # Errors
/// As every statement.
pub async fn mark_retried(tx: &TenantTx, store: StoreId, ids: &[Uuid], now: Timestamp) -> Result<u64, DbError> {
    let sql = include_str!("../../queries/dead_letter/retried.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &ids, &now]).await
}

/// Closes dead letters for good and answers how many were open.
///
/// # Errors
/// As every statement.
pub async fn resolve(tx: &TenantTx, store: StoreId, ids: &[Uuid], now: Timestamp) -> Result<u64, DbError> {
    let sql = include_str!("../../queries/dead_letter/resolve.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &ids, &now]).await
}

fn wish(kind: RecheckKind, remote_id: RemoteId, now: Timestamp) -> NewRecheck {
    NewRecheck { kind, remote_id, reason: "retry", source: Source::User, received_at: None, due_at: now }
}

/// What to ask the store for: a record's letter names its kind, a page's its resource.
fn kind_of(origin: &str, topic: &str) -> Option<RecheckKind> {
    if origin == "record" {
        return RecheckKind::ALL.into_iter().find(|kind| kind.as_str() == topic);
    }
    Some(match topic.parse().ok()? {
        Resource::Orders => RecheckKind::Order,
        Resource::Products | Resource::Variations => RecheckKind::Product,
        Resource::Coupons => RecheckKind::Coupon,
        Resource::Customers => RecheckKind::Customer,
    })
}
