//! Intents as people see them.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{Edit, IntentState, StoreId, TenantId, intent::Cause};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx,
    decode::known,
    select::{Finished, Select, borrowed},
};

/// Which intents a list shows.
#[derive(Clone, Debug)]
pub struct IntentFilter {
    pub store: Option<StoreId>,
    /// Our id of the order, product or customer.
    pub entity: Option<Uuid>,
    pub state: Option<IntentState>,
    /// The last intent of the page before.
    pub before: Option<Uuid>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for IntentFilter {
    fn default() -> Self {
        Self { store: None, entity: None, state: None, before: None, limit: 50 }
    }
}

/// One intent. What `before`, `result` and `expected` hold are objects by field name, see [`storewire_domain::Edit`].
#[derive(Clone, Debug)]
pub struct IntentRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    pub id: Uuid,
    /// As [`Edit::kind`].
    pub kind: String,
    /// Our id of the order, product or customer.
    pub entity_id: Uuid,
    pub remote_id: String,
    pub edit: Edit,
    pub state: IntentState,
    /// How often it was sent.
    pub attempts: i16,
    /// Why it failed, or waits: a machine word or the store's own code. `already` for one that was so before anything was sent.
    pub reason: Option<String>,
    /// What the person saw, if the change depends on it.
    pub expected: Option<Value>,
    /// What the store held right before it was sent.
    pub before: Option<Value>,
    /// What the store held when it was last looked at.
    pub result: Option<Value>,
    pub cause: Cause,
    pub user_name: Option<String>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// Which stores have intents that are neither done nor failed. Index `intent_open`.
///
/// # Errors
/// As every statement.
pub async fn stores_open(tx: &ReadTx) -> Result<Vec<StoreId>, DbError> {
    let sql = "SELECT DISTINCT store_id FROM intent WHERE finished_at IS NULL LIMIT 1000000";
    tx.query(sql, &[]).await?.iter().map(|row| Ok(StoreId(row.try_get(0)?))).collect()
}

/// A page of intents, newest first.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn list(tx: &ReadTx, filter: &IntentFilter) -> Result<Vec<IntentRow>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        select.filter("intent.store_id = $", store.uuid());
    }
    if let Some(entity) = filter.entity {
        select.filter("intent.entity_id = $", entity);
    }
    if let Some(state) = filter.state {
        select.filter("intent.state = $", state.as_str());
    }
    if let Some(before) = filter.before {
        select.filter("intent.id < $", before);
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// These intents, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As [`list`].
pub async fn by_ids(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<IntentRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("intent.id = ANY ($)", ids.to_vec());
    rows(tx, select.finish_all(ORDER)).await
}

/// One intent, if the reader may see it.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &ReadTx, id: Uuid) -> Result<Option<IntentRow>, DbError> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(include_str!("../../queries/intent/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("intent.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select
}

const ORDER: &str = "ORDER BY intent.id DESC";

async fn rows(tx: &ReadTx, (sql, params): Finished) -> Result<Vec<IntentRow>, DbError> {
    known(&tx.query(&sql, &borrowed(&params)).await?, intent)
}

fn intent(row: &Row) -> Result<IntentRow, DbError> {
    Ok(IntentRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        entity_id: row.try_get("entity_id")?,
        remote_id: row.try_get("remote_id")?,
        edit: super::write::edit(row)?,
        state: super::write::state(row)?,
        attempts: row.try_get("attempts")?,
        reason: row.try_get("reason")?,
        expected: super::write::said(row.try_get("precondition")?),
        before: row.try_get("before")?,
        result: row.try_get("result")?,
        cause: super::write::cause(row)?,
        user_name: row.try_get("user_name")?,
        created_at: row.try_get("created_at")?,
        sent_at: row.try_get("sent_at")?,
        updated_at: row.try_get("updated_at")?,
        finished_at: row.try_get("finished_at")?,
    })
}
