//! A store's webhooks: those that we registered there, and whose tokens and secrets we accept.

use jiff::Timestamp;
use storewire_domain::{RemoteId, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{AuthTx, DbError, TenantTx};

/// A webhook token's store.
#[derive(Clone, Debug)]
pub struct HookTarget {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub home_url: String,
    /// Sealed webhook secrets, any of which may have signed.
    pub sealed_secrets: Vec<Vec<u8>>,
}

/// A webhook that we registered in the store, one per topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownWebhook {
    pub topic: String,
    /// The store's own id of it.
    pub remote_id: RemoteId,
    /// Which of our secrets it signs with; `None` if that was not written down yet when it was made.
    pub secret_id: Option<Uuid>,
    pub registered_at: Timestamp,
}

/// When a store's webhooks last gave a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookStanding {
    /// When they were last seen in order; `None` before the first time.
    pub checked_at: Option<Timestamp>,
    /// When the newest delivery was received.
    pub last_webhook_at: Option<Timestamp>,
}

/// Remembers the webhook that we registered for a topic, and with which secret.
///
/// # Errors
/// As every statement.
pub async fn remember_webhook(
    tx: &TenantTx,
    id: StoreId,
    topic: &str,
    remote_id: &RemoteId,
    secret: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../../queries/store/upsert_webhook.sql"),
        &[&tx.tenant.uuid(), &id.uuid(), &topic, &remote_id.as_str(), &now, &secret],
    )
    .await?;
    Ok(())
}

/// The webhooks that we registered.
///
/// # Errors
/// As every statement.
pub async fn remembered_webhooks(tx: &TenantTx, id: StoreId) -> Result<Vec<KnownWebhook>, DbError> {
    let rows = tx.query(include_str!("../../queries/store/webhooks.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    rows.iter()
        .map(|row| {
            Ok(KnownWebhook {
                topic: row.try_get("topic")?,
                remote_id: RemoteId(row.try_get("remote_id")?),
                secret_id: row.try_get("secret_id")?,
                registered_at: row.try_get("registered_at")?,
            })
        })
        .collect()
}

/// Forgets the webhook of a topic that the store does not take.
///
/// # Errors
/// As every statement.
pub async fn forget_webhook(tx: &TenantTx, id: StoreId, topic: &str) -> Result<(), DbError> {
    let sql = include_str!("../../queries/store/forget_webhook.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &topic]).await?;
    Ok(())
}

/// When the store's webhooks last gave a sign of life.
///
/// # Errors
/// As every statement.
pub async fn hook_standing(tx: &TenantTx, id: StoreId) -> Result<HookStanding, DbError> {
    let row =
        tx.query_one(include_str!("../../queries/store/hook_standing.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    Ok(HookStanding { checked_at: row.try_get("hooks_checked_at")?, last_webhook_at: row.try_get("last_webhook_at")? })
}

/// Webhooks that told, within the deliveries that are kept, that their owner may not see what they deliver, since when.
///
/// # Errors
/// As every statement.
pub async fn lost_owners(tx: &TenantTx, id: StoreId) -> Result<Vec<(RemoteId, Timestamp)>, DbError> {
    let rows = tx.query(include_str!("../../queries/store/lost_owners.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    rows.iter().map(|row| Ok((RemoteId(row.try_get(0)?), row.try_get(1)?))).collect()
}

/// Orders that pulls found and no webhook told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unannounced {
    pub orders: i64,
    /// When the first of them was found.
    pub first_at: Option<Timestamp>,
}

/// The orders that pulls found after `since`, the time of the last delivery.
///
/// # Errors
/// As every statement.
pub async fn unannounced_orders(tx: &TenantTx, id: StoreId, since: Timestamp) -> Result<Unannounced, DbError> {
    let sql = include_str!("../../queries/store/unannounced_orders.sql");
    let row = tx.query_one(sql, &[&tx.tenant.uuid(), &id.uuid(), &since]).await?;
    Ok(Unannounced { orders: row.try_get("orders")?, first_at: row.try_get("first_at")? })
}

/// Says that the store's webhooks are in order now.
///
/// # Errors
/// As every statement.
pub async fn hooks_checked(tx: &TenantTx, id: StoreId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(include_str!("../../queries/store/hooks_checked.sql"), &[&tx.tenant.uuid(), &id.uuid(), &now]).await?;
    Ok(())
}

/// Finds the store of a webhook token by the token's digest.
///
/// # Errors
/// As every statement.
pub async fn find_hook(tx: &AuthTx, token_digest: &[u8; 32]) -> Result<Option<HookTarget>, DbError> {
    let row = tx
        .query_opt("SELECT tenant_id, store_id, home_url, sealed FROM hook_find($1)", &[&token_digest.as_slice()])
        .await?;
    row.map(|row| target(&row)).transpose()
}

/// Every store's webhook token, as a digest, with the store: few rows, one per connected store.
///
/// # Errors
/// As every statement.
pub async fn all_hooks(tx: &AuthTx) -> Result<Vec<([u8; 32], HookTarget)>, DbError> {
    let rows = tx.query("SELECT digest, tenant_id, store_id, home_url, sealed FROM hook_list()", &[]).await?;
    rows.iter()
        .map(|row| {
            let digest = <[u8; 32]>::try_from(row.try_get::<_, &[u8]>("digest")?)
                .map_err(|_| DbError::Inconsistent { table: "store", column: "hook_token_digest" })?;
            Ok((digest, target(row)?))
        })
        .collect()
}

fn target(row: &Row) -> Result<HookTarget, DbError> {
    Ok(HookTarget {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        home_url: row.try_get("home_url")?,
        sealed_secrets: row.try_get("sealed")?,
    })
}
