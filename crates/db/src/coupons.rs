//! The coupons of a store.

use std::collections::HashMap;

use jiff::Timestamp;
use storewire_domain::{Coupon, RemoteId, StoreId};
use uuid::Uuid;

use crate::{DbError, Sent, TenantTx};

/// What we hold of a coupon, as far as it decides whether something newer arrived.
#[derive(Clone, Debug)]
pub struct CouponVersion {
    pub id: Uuid,
    pub modified_at: Option<Timestamp>,
    pub content_hash: Vec<u8>,
    /// When our row was last written.
    pub saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub read_at: Option<Timestamp>,
    pub trashed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// What we hold of the coupons with these ids.
///
/// # Errors
/// As every statement.
pub async fn versions(
    tx: &TenantTx,
    store: StoreId,
    remote_ids: &[&RemoteId],
) -> Result<HashMap<RemoteId, CouponVersion>, DbError> {
    if remote_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = remote_ids.iter().map(|id| id.as_str()).collect();
    let rows =
        tx.query(include_str!("../queries/coupon/versions.sql"), &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    rows.iter()
        .map(|row| {
            let version = CouponVersion {
                id: row.try_get("id")?,
                modified_at: row.try_get("remote_modified_at")?,
                content_hash: row.try_get("content_hash")?,
                saved_at: row.try_get("saved_at")?,
                read_at: row.try_get("read_at")?,
                trashed_at: row.try_get("trashed_at")?,
                deleted_at: row.try_get("deleted_at")?,
            };
            Ok((RemoteId(row.try_get("remote_id")?), version))
        })
        .collect()
}

/// Marks coupons as gone in the store.
///
/// # Errors
/// As every statement.
pub async fn delete(tx: &TenantTx, ids: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(include_str!("../queries/coupon/delete.sql"), &[&tx.tenant.uuid(), &ids, &now]).await?;
    Ok(())
}

/// Inserts or replaces a coupon.
///
/// # Errors
/// As every statement.
pub async fn upsert(
    tx: &TenantTx,
    store: StoreId,
    id: Uuid,
    coupon: &Coupon,
    sent: Sent<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/coupon/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &id,
            &coupon.remote_id.as_str(),
            &coupon.code,
            &coupon.discount_type,
            &coupon.amount,
            &coupon.status,
            &coupon.created_at,
            &coupon.modified_at,
            &coupon.expires_at,
            &sent.content_hash.as_slice(),
            &sent.raw,
            &now,
            &coupon.is_trashed().then(|| coupon.modified_at.unwrap_or(now)),
            &sent.read_at,
        ],
    )
    .await?;
    Ok(())
}
