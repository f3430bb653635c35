//! What moves an intent on.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{Edit, IntentState, RemoteId, StoreId, intent::Cause};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::{DbError, TenantTx, decode::known};

/// A change that a person wants.
#[derive(Clone, Debug)]
pub struct NewIntent {
    pub id: Uuid,
    /// Our id of the order, product or customer.
    pub entity_id: Uuid,
    pub remote_id: RemoteId,
    /// A variation is written under its parent.
    pub parent_remote_id: Option<RemoteId>,
    pub edit: Edit,
    /// What the person saw, by field name.
    pub expected: Option<Value>,
    pub cause: Cause,
}

/// An intent that is not finished, as its store's actor needs it.
#[derive(Clone, Debug)]
pub struct OpenIntent {
    pub id: Uuid,
    pub entity_id: Uuid,
    pub remote_id: RemoteId,
    pub parent_remote_id: Option<RemoteId>,
    pub edit: Edit,
    pub expected: Option<Value>,
    pub cause: Cause,
    pub state: IntentState,
    /// How often it was sent.
    pub attempts: i16,
    /// What the store held right before it was last sent.
    pub before: Option<Value>,
    pub sent_at: Option<Timestamp>,
    /// Nothing is to be done about it before this.
    pub due_at: Timestamp,
}

/// Where an intent now stands.
#[derive(Clone, Debug)]
pub struct Progress {
    pub id: Uuid,
    pub state: IntentState,
    pub reason: Option<String>,
    /// Added to the count of sends: 1 when sent, -1 when what was counted certainly never reached the store.
    pub attempts: i16,
    pub due_at: Timestamp,
    /// `None` keeps what was noted before.
    pub before: Option<Value>,
    /// `None` keeps what was noted before.
    pub result: Option<Value>,
    /// Content hash of the record as read back.
    pub echo_hash: Option<[u8; 32]>,
    /// The store's id of what it made; `None` keeps what is known.
    pub remote_id: Option<RemoteId>,
}

/// Writes an intent down, due at once.
///
/// # Errors
/// As every statement.
pub async fn insert(tx: &TenantTx, store: StoreId, intent: &NewIntent, now: Timestamp) -> Result<(), DbError> {
    let change =
        serde_json::to_value(&intent.edit).map_err(|_| DbError::Inconsistent { table: "intent", column: "change" })?;
    tx.execute(
        include_str!("../../queries/intent/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &intent.id,
            &i16::from(store.shard()),
            &intent.edit.kind(),
            &intent.entity_id,
            &change,
            &intent.expected.clone().unwrap_or(Value::Null),
            &Json(&intent.cause),
            &intent.remote_id.as_str(),
            &intent.parent_remote_id.as_ref().map(RemoteId::as_str),
            &intent.cause.user.uuid(),
            &now,
        ],
    )
    .await?;
    Ok(())
}

/// The oldest open intent of each record, those due first first: a later one of the same record waits for the earlier.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn open(tx: &TenantTx, store: StoreId, limit: u32) -> Result<Vec<OpenIntent>, DbError> {
    let sql = include_str!("../../queries/intent/open.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &i64::from(limit)]).await?;
    known(&rows, |row| {
        Ok(OpenIntent {
            id: row.try_get("id")?,
            entity_id: row.try_get("entity_id")?,
            remote_id: RemoteId(row.try_get("remote_id")?),
            parent_remote_id: row.try_get::<_, Option<String>>("parent_remote_id")?.map(RemoteId),
            edit: edit(row)?,
            expected: said(row.try_get("precondition")?),
            cause: cause(row)?,
            state: state(row)?,
            attempts: row.try_get("attempts")?,
            before: row.try_get("before")?,
            sent_at: row.try_get("sent_at")?,
            due_at: row.try_get("due_at")?,
        })
    })
}

/// Moves intents on and answers which: one that a person cancelled meanwhile stays as it is.
///
/// # Errors
/// As every statement.
pub async fn advance(tx: &TenantTx, steps: &[Progress], now: Timestamp) -> Result<HashSet<Uuid>, DbError> {
    if steps.is_empty() {
        return Ok(HashSet::new());
    }
    macro_rules! column {
        (|$step:ident| $value:expr) => {
            steps.iter().map(|$step| $value).collect::<Vec<_>>()
        };
    }
    let rows = tx
        .query(
            include_str!("../../queries/intent/advance.sql"),
            &[
                &tx.tenant.uuid(),
                &column!(|step| step.id),
                &column!(|step| step.state.as_str()),
                &column!(|step| step.reason.as_deref()),
                &column!(|step| step.attempts),
                &column!(|step| step.due_at),
                &column!(|step| step.before.as_ref()),
                &column!(|step| step.result.as_ref()),
                &column!(|step| step.echo_hash.as_ref().map(<[u8; 32]>::as_slice)),
                &now,
                &column!(|step| step.remote_id.as_ref().map(RemoteId::as_str)),
            ],
        )
        .await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// Has intents that made a record be about it from now on, where our copy holds it; until then they were known by themselves alone.
///
/// # Errors
/// As every statement.
pub async fn belong(tx: &TenantTx, ids: &[Uuid]) -> Result<(), DbError> {
    if !ids.is_empty() {
        tx.execute(include_str!("../../queries/intent/belong.sql"), &[&tx.tenant.uuid(), &ids]).await?;
    }
    Ok(())
}

/// A person wants a failed intent tried once more, with as many sends as a new one. What it failed on was shown to them: that is what
/// they now expect. Answers whether it was a failed one.
///
/// # Errors
/// As every statement.
pub async fn retry(tx: &TenantTx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/intent/retry.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &id, &now]).await? > 0)
}

/// A person takes an intent back. Answers whether it still waited.
///
/// # Errors
/// As every statement.
pub async fn cancel(tx: &TenantTx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/intent/cancel.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &id, &now]).await? > 0)
}

/// Which of these contents are what a write of ours since `since` left behind.
///
/// # Errors
/// As every statement.
pub async fn echoes(
    tx: &TenantTx,
    store: StoreId,
    hashes: &[&[u8]],
    since: Timestamp,
) -> Result<HashSet<Vec<u8>>, DbError> {
    if hashes.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = include_str!("../../queries/intent/echoes.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &hashes, &since]).await?;
    rows.iter().map(|row| Ok(row.try_get("echo_hash")?)).collect()
}

pub(crate) fn edit(row: &Row) -> Result<Edit, DbError> {
    serde_json::from_value(row.try_get("change")?)
        .map_err(|_| DbError::Inconsistent { table: "intent", column: "change" })
}

pub(crate) fn cause(row: &Row) -> Result<Cause, DbError> {
    serde_json::from_value(row.try_get("cause")?)
        .map_err(|_| DbError::Inconsistent { table: "intent", column: "cause" })
}

pub(super) fn state(row: &Row) -> Result<IntentState, DbError> {
    let state: &str = row.try_get("state")?;
    state.parse().map_err(|_| DbError::Inconsistent { table: "intent", column: "state" })
}

/// JSON's `null` is stored where nothing was expected.
pub(super) fn said(precondition: Value) -> Option<Value> {
    (!precondition.is_null()).then_some(precondition)
}
