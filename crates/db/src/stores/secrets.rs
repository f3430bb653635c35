//! A store's sealed secrets. Several of one kind may be valid while they are exchanged.

use jiff::Timestamp;
use storewire_domain::{StoreId, TenantId};
use uuid::Uuid;

use crate::{Db, DbError, TenantTx};

/// The kinds of secret.
pub mod secret {
    /// REST consumer key.
    pub const CONSUMER_KEY: &str = "consumer_key";
    /// REST consumer secret.
    pub const CONSUMER_SECRET: &str = "consumer_secret";
    /// What the store signs its webhooks with.
    pub const WEBHOOK_SECRET: &str = "webhook_secret";
    /// The token in the store's webhook URL.
    pub const WEBHOOK_TOKEN: &str = "webhook_token";
}

/// A store's valid secrets, sealed, newest first: kind and bytes.
///
/// # Errors
/// As every statement.
pub async fn secrets(tx: &TenantTx, id: StoreId) -> Result<Vec<(String, Vec<u8>)>, DbError> {
    let rows = tx.query(include_str!("../../queries/store/secrets.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// The newest valid secret of a kind, with its id.
///
/// # Errors
/// `Inconsistent` if there is none.
pub async fn current_secret(tx: &TenantTx, id: StoreId, kind: &'static str) -> Result<(Uuid, Vec<u8>), DbError> {
    let sql = include_str!("../../queries/store/current_secret.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid(), &kind]).await?;
    let row = row.ok_or(DbError::Inconsistent { table: "store_secret", column: "kind" })?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Replaces secrets of these kinds by new ones; those before are retired.
///
/// # Errors
/// As every statement.
pub async fn replace_secrets(
    tx: &TenantTx,
    id: StoreId,
    secrets: &[(&'static str, Vec<u8>)],
    now: Timestamp,
) -> Result<(), DbError> {
    let (tenant, store) = (tx.tenant.uuid(), id.uuid());
    for (kind, sealed) in secrets {
        tx.execute(include_str!("../../queries/store/retire_secret.sql"), &[&tenant, &store, kind, &now]).await?;
        let params: [crate::scope::Param<'_>; 5] = [&tenant, &store, &Uuid::now_v7(), kind, sealed];
        tx.execute(include_str!("../../queries/store/insert_secret.sql"), &params).await?;
    }
    Ok(())
}

/// A sealed secret with its place.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub tenant: TenantId,
    pub store: StoreId,
    pub bytes: Vec<u8>,
}

/// The secrets of this kind of the first store and of the last one: whoever can open both has the keys of the first day and of today.
///
/// # Errors
/// As every statement.
pub async fn first_and_last_secret(db: &Db, kind: &str) -> Result<Vec<Sealed>, DbError> {
    let tx = db.platform().await?;
    let rows = tx.query(include_str!("../../queries/store/first_and_last.sql"), &[]).await?;
    tx.commit().await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (tenant, store) = (TenantId(row.try_get(0)?), StoreId(row.try_get(1)?));
        let tx = db.tenant(tenant).await?;
        let held = secrets(&tx, store).await?;
        tx.commit().await?;
        // A store that lost its secret is its actor's affair.
        let of_kind = held.into_iter().find(|(held, _)| held == kind);
        found.extend(of_kind.map(|(_, bytes)| Sealed { tenant, store, bytes }));
    }
    Ok(found)
}
