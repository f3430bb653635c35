//! The right to write a shard's stores: a lease with a rising epoch, checked inside every write transaction.

use std::collections::HashMap;

use jiff::Timestamp;
use storewire_domain::{StoreId, TenantId};
use uuid::Uuid;

use crate::{
    AuthTx, Db, DbError, TenantTx,
    scope::{Tx, store_begin},
};

/// Takes every shard that is free, expired or already this node's, and answers their new epochs.
///
/// # Errors
/// As every statement.
pub async fn take(tx: &AuthTx, node: Uuid, now: Timestamp, until: Timestamp) -> Result<HashMap<u8, i64>, DbError> {
    let rows = tx.query("SELECT taken_shard, new_epoch FROM lease_take($1, $2, $3)", &[&node, &now, &until]).await?;
    tx.was_written();
    rows.iter()
        .map(|row| {
            let shard: i16 = row.try_get(0)?;
            let shard =
                u8::try_from(shard).map_err(|_| DbError::Inconsistent { table: "shard_lease", column: "shard" })?;
            Ok((shard, row.try_get(1)?))
        })
        .collect()
}

/// Keeps this node's shards for longer and answers how many they are.
///
/// # Errors
/// As every statement.
pub async fn renew(tx: &AuthTx, node: Uuid, until: Timestamp) -> Result<i64, DbError> {
    let row = tx.query_one("SELECT lease_renew($1, $2)", &[&node, &until]).await?;
    tx.was_written();
    Ok(row.try_get(0)?)
}

impl Db {
    /// A transaction that writes a store's copy. From its first statement on it holds off a takeover of the store's shard until it ends; that
    /// statement is `Fenced` if `epoch` is no longer the shard's.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn store_write(&self, tenant: TenantId, store: StoreId, epoch: i64) -> Result<TenantTx, DbError> {
        Ok(TenantTx { tx: Tx::open(&self.main, store_begin(tenant, store, epoch)).await?, tenant })
    }
}
