//! What moves requests without anybody deciding: a record that the store holds otherwise by now, and the end of what was approved.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{Edit, RequestId, StoreId, UserId, intent::Fields, request::RequestState};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{
    read::{fields, json, word},
    write::told,
};
use crate::{DbError, TenantTx, decode::known};

/// A request that waits, as far as news of its record concerns it.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: RequestId,
    pub entity_id: Uuid,
    pub number: i64,
    pub about: String,
    pub edit: Edit,
    pub base: Fields,
    pub current: Fields,
    pub is_stale: bool,
}

/// What the store now holds of what a request is about.
#[derive(Clone, Debug)]
pub struct Moved {
    pub id: RequestId,
    pub current: Fields,
    /// It is not what the asker saw.
    pub is_stale: bool,
}

/// How the intent of a request ended.
#[derive(Clone, Debug)]
pub struct Ended<'a> {
    pub intent: Uuid,
    /// `Applied` or `Failed`.
    pub state: RequestState,
    pub reason: Option<&'a str>,
    /// What the store then held.
    pub result: Option<&'a Value>,
}

/// A request that ended as its intent did, and who is to be told.
#[derive(Clone, Debug)]
pub struct Followed {
    pub id: RequestId,
    pub store_id: StoreId,
    pub entity_id: Uuid,
    pub number: i64,
    pub about: String,
    pub asked_by: UserId,
    pub state: RequestState,
    pub reason: Option<String>,
}

/// The requests that wait about these records of a store. To be asked in the transaction that stores them, after it has: a request that is
/// written meanwhile holds its record still, and so is found here or has seen what was stored.
///
/// # Errors
/// As every statement.
pub async fn waiting_of(tx: &TenantTx, store: StoreId, entities: &[Uuid]) -> Result<Vec<Waiting>, DbError> {
    if entities.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("../../queries/request/waiting_of.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &entities]).await?;
    known(&rows, |row| {
        Ok(Waiting {
            id: RequestId(row.try_get("id")?),
            entity_id: row.try_get("entity_id")?,
            number: row.try_get("number")?,
            about: row.try_get("about")?,
            edit: json(row.try_get("edit")?, "edit")?,
            base: fields(row, "base")?,
            current: fields(row, "current")?,
            is_stale: row.try_get("is_stale")?,
        })
    })
}

/// Writes down what the store now holds, and answers which of these requests still waited: one that was decided meanwhile is left alone.
///
/// # Errors
/// As every statement.
pub async fn moved(tx: &TenantTx, moved: &[Moved], now: Timestamp) -> Result<Vec<RequestId>, DbError> {
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = moved.iter().map(|one| one.id.uuid()).collect();
    let current: Vec<_> = moved.iter().map(|one| Json(told(&one.current))).collect();
    let is_stale: Vec<bool> = moved.iter().map(|one| one.is_stale).collect();
    let sql = include_str!("../../queries/request/moved.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &ids, &current, &is_stale, &now]).await?;
    rows.iter().map(|row| Ok(RequestId(row.try_get(0)?))).collect()
}

/// Ends the requests whose intents ended, in the transaction in which they do. Intents that no request caused are passed by.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn follow(tx: &TenantTx, ended: &[Ended<'_>], now: Timestamp) -> Result<Vec<Followed>, DbError> {
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let intents: Vec<Uuid> = ended.iter().map(|one| one.intent).collect();
    let states: Vec<&str> = ended.iter().map(|one| one.state.as_str()).collect();
    let reasons: Vec<Option<&str>> = ended.iter().map(|one| one.reason).collect();
    let results: Vec<Option<&Value>> = ended.iter().map(|one| one.result).collect();
    let sql = include_str!("../../queries/request/follow.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &intents, &states, &reasons, &results, &now]).await?;
    rows.iter()
        .map(|row| {
            Ok(Followed {
                id: RequestId(row.try_get("id")?),
                store_id: StoreId(row.try_get("store_id")?),
                entity_id: row.try_get("entity_id")?,
                number: row.try_get("number")?,
                about: row.try_get("about")?,
                asked_by: UserId(row.try_get("asked_by")?),
                state: word(row.try_get("state")?, "state")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}

/// The write that an earlier approval became and that failed.
#[derive(Clone, Debug)]
pub struct Unwritten {
    pub intent: Uuid,
    /// What it is about: itself, as long as what it makes is not known.
    pub entity_id: Uuid,
    /// Why it failed.
    pub reason: Option<String>,
}

/// What an earlier approval of a request became, if that failed.
///
/// # Errors
/// As every statement.
pub async fn unwritten(tx: &TenantTx, id: RequestId) -> Result<Option<Unwritten>, DbError> {
    let sql = include_str!("../../queries/request/unwritten.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid()]).await?;
    row.map(|row| Ok(Unwritten { intent: row.try_get(0)?, entity_id: row.try_get(1)?, reason: row.try_get(2)? }))
        .transpose()
}
