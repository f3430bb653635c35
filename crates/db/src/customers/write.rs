//! What a store's actor holds against newer versions of customers, and writes.

use std::collections::HashMap;

use jiff::Timestamp;
use storewire_domain::{Customer, RemoteId, StoreId};
use uuid::Uuid;

use crate::{DbError, Sent, TenantTx, sortable::sortable};

/// What we hold of a customer, as far as it decides whether something newer arrived.
#[derive(Clone, Debug)]
pub struct CustomerVersion {
    pub id: Uuid,
    pub modified_at: Option<Timestamp>,
    pub content_hash: Vec<u8>,
    /// When our row was last written.
    pub saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub read_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// What we hold of the customers with these ids.
///
/// # Errors
/// As every statement.
pub async fn versions(
    tx: &TenantTx,
    store: StoreId,
    remote_ids: &[&RemoteId],
) -> Result<HashMap<RemoteId, CustomerVersion>, DbError> {
    if remote_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = remote_ids.iter().map(|id| id.as_str()).collect();
    let rows = tx
        .query(include_str!("../../queries/customer/versions.sql"), &[&tx.tenant.uuid(), &store.uuid(), &ids])
        .await?;
    rows.iter()
        .map(|row| {
            let version = CustomerVersion {
                id: row.try_get("id")?,
                modified_at: row.try_get("remote_modified_at")?,
                content_hash: row.try_get("content_hash")?,
                saved_at: row.try_get("saved_at")?,
                read_at: row.try_get("read_at")?,
                deleted_at: row.try_get("deleted_at")?,
            };
            Ok((RemoteId(row.try_get("remote_id")?), version))
        })
        .collect()
}

/// Marks customers as gone in the store.
///
/// # Errors
/// As every statement.
pub async fn delete(tx: &TenantTx, ids: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(include_str!("../../queries/customer/delete.sql"), &[&tx.tenant.uuid(), &ids, &now]).await?;
    Ok(())
}

/// Inserts or replaces a customer.
///
/// # Errors
/// As every statement.
pub async fn upsert(
    tx: &TenantTx,
    store: StoreId,
    id: Uuid,
    customer: &Customer,
    sent: Sent<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../../queries/customer/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &id,
            &customer.remote_id.as_str(),
            &customer.email,
            &sortable(format!("{} {}", customer.first_name, customer.last_name).trim()),
            &customer.username,
            &customer.role,
            &serde_json::to_value(&customer.billing).unwrap_or_default(),
            &serde_json::to_value(&customer.shipping).unwrap_or_default(),
            &customer.created_at,
            &customer.modified_at,
            &sent.content_hash.as_slice(),
            &sent.raw,
            &now,
            &sent.read_at,
        ],
    )
    .await?;
    Ok(())
}
