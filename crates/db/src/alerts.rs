//! What is wrong with a store now, since when, and what was wrong before.
//!
//! An alert is open from the moment it is raised until it is ended; of each kind a store has one open at most, whoever raises it.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{StoreId, TenantId};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// The kinds of alert: machine words, keys of the panel's texts.
pub mod kind {
    /// A store's numbers are older than its goal allows: `as_of`, `goal_s`.
    pub const STALE: &str = "stale";
    /// A person must mend something at the store: `reason`.
    pub const NEEDS_ATTENTION: &str = "needs_attention";
    /// A store's actor ended too often and was left stopped.
    pub const PARKED: &str = "parked";
    /// The store lets us read but not subscribe, or its webhooks tell of lost rights: `reason`.
    pub const WEBHOOKS: &str = "webhooks";
    /// Something was given up on and waits for a person: `count`.
    pub const DEAD_LETTERS: &str = "dead_letters";
    /// Another site delivers with this store's token and secret: `count`.
    pub const CLONE: &str = "clone";
    /// A record is updated in a loop: `record`, `remote_id`, `deliveries`, `seconds`.
    pub const STORM: &str = "storm";
}

/// An alert that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    /// A machine word of [`kind`].
    pub kind: String,
    pub since: Timestamp,
    /// The numbers and names of its text.
    pub detail: Value,
}

/// Raises an alert and answers whether it was not open before. One that is open takes the new detail.
///
/// # Errors
/// As every statement.
pub async fn raise(tx: &TenantTx, store: StoreId, kind: &str, detail: &Value, now: Timestamp) -> Result<bool, DbError> {
    let row = tx
        .query_opt(
            include_str!("../queries/alert/raise.sql"),
            &[&tx.tenant.uuid(), &store.uuid(), &Uuid::now_v7(), &kind, &now, detail],
        )
        .await?;
    Ok(row.map(|row| row.try_get("is_new")).transpose()?.unwrap_or(false))
}

/// Ends an alert and answers whether it was open.
///
/// # Errors
/// As every statement.
pub async fn end(tx: &TenantTx, store: StoreId, kind: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/alert/end.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &kind, &now]).await? > 0)
}

/// The open alerts of the stores within the reader's sight, oldest first.
///
/// # Errors
/// As every statement.
pub async fn open(tx: &ReadTx) -> Result<Vec<Alert>, DbError> {
    let stores: Option<Vec<Uuid>> = tx.stores.as_ref().map(|ids| ids.iter().map(|id| id.uuid()).collect());
    let rows = tx.query(include_str!("../queries/alert/open.sql"), &[&stores]).await?;
    rows.iter()
        .map(|row| {
            Ok(Alert {
                tenant_id: TenantId(row.try_get("tenant_id")?),
                store_id: StoreId(row.try_get("store_id")?),
                store_name: row.try_get("store_name")?,
                kind: row.try_get("kind")?,
                since: row.try_get("since")?,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}
