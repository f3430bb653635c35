//! Requests as people see them.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{
    Edit, IntentState, RequestId, StoreId, TenantId, UserId,
    intent::Fields,
    request::{Meaning, RequestState, Standing},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx,
    decode::known,
    scope::Tx,
    select::{Finished, Select, borrowed},
};

/// Which requests a list shows.
#[derive(Clone, Debug)]
pub struct RequestFilter {
    pub store: Option<StoreId>,
    pub state: Option<RequestState>,
    /// As [`Edit::kind`].
    pub kind: Option<&'static str>,
    /// Only what this person asked for.
    pub own: Option<UserId>,
    /// About this record of ours.
    pub entity: Option<Uuid>,
    /// The last request of the page before.
    pub before: Option<RequestId>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for RequestFilter {
    fn default() -> Self {
        Self { store: None, state: None, kind: None, own: None, entity: None, before: None, limit: 50 }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct RequestRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    pub currency: String,
    /// Digits after the point in the store's prices.
    pub decimals: u32,
    pub id: RequestId,
    /// By which people call it: `R-12`.
    pub number: i64,
    /// As [`Edit::kind`].
    pub kind: String,
    /// Our id of the product or order; the request's own for a record that is yet to be made.
    pub entity_id: Uuid,
    /// What the record was called when it was asked for.
    pub about: String,
    /// What the asker wants.
    pub edit: Edit,
    /// What the asker saw; no fields for what changes nothing that is there.
    pub base: Fields,
    /// What the store holds now, as far as we know.
    pub current: Fields,
    /// How the asker meant a quantity.
    pub asked_meaning: Meaning,
    pub note: String,
    pub state: RequestState,
    /// Moves with every transition and whenever `current` does.
    pub version: i64,
    /// Since when `current` is not `base`.
    pub stale_at: Option<Timestamp>,
    pub asked_by: UserId,
    pub asked_name: String,
    pub asked_at: Timestamp,
    pub decided_by: Option<UserId>,
    pub decided_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decided_meaning: Option<Meaning>,
    /// What was approved: the edit with the value that the meaning gave it.
    pub decided_edit: Option<Edit>,
    pub intent_id: Option<Uuid>,
    pub intent_state: Option<IntentState>,
    /// Why it was rejected, in the decider's words, or failed, as a code.
    pub reason: Option<String>,
    /// What the store said it holds, when the intent had ended.
    pub result: Option<Value>,
    /// The deed of the last transition.
    pub deed_id: Uuid,
    /// When it is looked at again; `None` once it does not wait.
    pub due_at: Option<Timestamp>,
    /// Reminders since anybody last spoke of it.
    pub reminders: i16,
    pub expires_at: Timestamp,
    pub updated_at: Timestamp,
}

impl RequestRow {
    /// What decides what may become of it.
    #[must_use]
    pub const fn standing(&self) -> Standing<'_> {
        Standing {
            state: self.state,
            version: self.version,
            asked_by: self.asked_by,
            edit: &self.edit,
            base: &self.base,
            current: &self.current,
        }
    }
}

/// A page of requests, newest first.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn list(tx: &ReadTx, filter: &RequestFilter) -> Result<Vec<RequestRow>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        select.filter("request.store_id = $", store.uuid());
    }
    if let Some(state) = filter.state {
        select.filter("request.state = $", state.as_str());
    }
    if let Some(kind) = filter.kind {
        select.filter("request.kind = $", kind);
    }
    if let Some(own) = filter.own {
        select.filter("request.asked_by = $", own.uuid());
    }
    if let Some(entity) = filter.entity {
        select.filter("request.entity_id = $", entity);
    }
    if let Some(before) = filter.before {
        select.filter("request.id < $", before.uuid());
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// These requests, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As [`list`].
pub async fn by_ids(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<RequestRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("request.id = ANY ($)", ids.to_vec());
    rows(tx, select.finish_all(ORDER)).await
}

/// One request, if the reader may see it.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &ReadTx, id: RequestId) -> Result<Option<RequestRow>, DbError> {
    Ok(by_ids(tx, &[id.uuid()]).await?.pop())
}

/// How many requests wait within the reader's sight, up to a thousand; of one person's own if given.
///
/// # Errors
/// As every statement.
pub async fn waiting_count(tx: &ReadTx, own: Option<UserId>) -> Result<i64, DbError> {
    let sql = include_str!("../../queries/request/waiting_count.sql");
    Ok(tx.query_one(sql, &[&tx.stores_in_sight(), &own.map(UserId::uuid)]).await?.try_get(0)?)
}

/// One request of the transaction's tenant, for who is to change it.
pub(super) fn one(tenant: TenantId, id: RequestId) -> Finished {
    let mut select = Select::new(LIST);
    select.filter("request.tenant_id = $", tenant.uuid()).filter("request.id = $", id.uuid());
    select.finish_all(ORDER)
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(LIST);
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("request.store_id = ANY ($)", stores);
    }
    select
}

const LIST: &str = include_str!("../../queries/request/list.sql");
const ORDER: &str = "ORDER BY request.id DESC";

pub(super) async fn rows(tx: &Tx, (sql, params): Finished) -> Result<Vec<RequestRow>, DbError> {
    known(&tx.query(&sql, &borrowed(&params)).await?, request)
}

fn request(row: &Row) -> Result<RequestRow, DbError> {
    Ok(RequestRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        currency: row.try_get("currency")?,
        decimals: row.try_get::<_, i32>("decimals")?.try_into().map_err(|_| inconsistent("decimals"))?,
        id: RequestId(row.try_get("id")?),
        number: row.try_get("number")?,
        kind: row.try_get("kind")?,
        entity_id: row.try_get("entity_id")?,
        about: row.try_get("about")?,
        edit: json(row.try_get("edit")?, "edit")?,
        base: fields(row, "base")?,
        current: fields(row, "current")?,
        asked_meaning: word(row.try_get("asked_meaning")?, "asked_meaning")?,
        note: row.try_get("note")?,
        state: word(row.try_get("state")?, "state")?,
        version: row.try_get("version")?,
        stale_at: row.try_get("stale_at")?,
        asked_by: UserId(row.try_get("asked_by")?),
        asked_name: row.try_get("asked_name")?,
        asked_at: row.try_get("asked_at")?,
        decided_by: row.try_get::<_, Option<Uuid>>("decided_by")?.map(UserId),
        decided_name: row.try_get("decided_name")?,
        decided_at: row.try_get("decided_at")?,
        decided_meaning: perhaps(row, "decided_meaning")?,
        decided_edit: row
            .try_get::<_, Option<Value>>("decided_edit")?
            .map(|edit| json(edit, "decided_edit"))
            .transpose()?,
        intent_id: row.try_get("intent_id")?,
        intent_state: perhaps(row, "intent_state")?,
        reason: row.try_get("reason")?,
        result: row.try_get("result")?,
        deed_id: row.try_get("deed_id")?,
        due_at: row.try_get("due_at")?,
        reminders: row.try_get("reminders")?,
        expires_at: row.try_get("expires_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}

pub(super) const fn inconsistent(column: &'static str) -> DbError {
    DbError::Inconsistent { table: "request", column }
}

pub(super) fn json<T: serde::de::DeserializeOwned>(value: Value, column: &'static str) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|_| inconsistent(column))
}

/// JSON's `null` is stored where there are no fields.
pub(super) fn fields(row: &Row, column: &'static str) -> Result<Fields, DbError> {
    let held: Option<Fields> = json(row.try_get(column)?, column)?;
    Ok(held.unwrap_or_default())
}

pub(super) fn word<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| inconsistent(column))
}

fn perhaps<T: std::str::FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, DbError> {
    row.try_get::<_, Option<&str>>(column)?.map(|text| word(text, column)).transpose()
}
