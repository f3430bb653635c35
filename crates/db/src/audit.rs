//! Who did what: appended with the deed, in its transaction, and never changed.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{TenantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx};

/// One deed.
#[derive(Clone, Debug)]
pub struct AuditRow {
    pub tenant_id: TenantId,
    pub id: Uuid,
    pub at: Timestamp,
    /// Nobody, if the engine did it.
    pub user_id: Option<UserId>,
    pub user_name: Option<String>,
    /// `noun.verb`, such as `store.pause`.
    pub action: String,
    /// Our id of what it was done to.
    pub entity_id: Option<Uuid>,
    /// What else tells the deed; never a secret.
    pub detail: Value,
}

/// Which deeds a list shows.
#[derive(Clone, Debug)]
pub struct AuditFilter {
    /// Those done to this record or store.
    pub entity: Option<Uuid>,
    /// Those before this one.
    pub before: Option<Uuid>,
    /// The longest list wanted.
    pub limit: u32,
}

/// Writes down a deed of the transaction's tenant.
///
/// # Errors
/// As every statement.
pub async fn write(
    tx: &TenantTx,
    by: Option<UserId>,
    action: &str,
    entity: Option<Uuid>,
    detail: &Value,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/audit/insert.sql"),
        &[&tx.tenant.uuid(), &Uuid::now_v7(), &now, &by.map(UserId::uuid), &action, &entity, detail],
    )
    .await?;
    Ok(())
}

/// What tells a deed, with its id: [`was_done`] finds it by that.
#[must_use]
pub fn with_deed(mut detail: Value, deed: Uuid) -> Value {
    if let Value::Object(detail) = &mut detail {
        detail.insert("deed".to_owned(), deed.to_string().into());
    }
    detail
}

/// Whether this deed was written down with a record of the transaction's tenant, by its id.
///
/// # Errors
/// As every statement.
pub async fn was_done(tx: &TenantTx, action: &str, entity: Uuid, deed: Uuid) -> Result<bool, DbError> {
    let sql = include_str!("../queries/audit/was_done.sql");
    Ok(tx.query_one(sql, &[&tx.tenant.uuid(), &entity, &action, &deed]).await?.try_get(0)?)
}

/// Deeds within the reader's tenants, newest first.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, filter: &AuditFilter) -> Result<Vec<AuditRow>, DbError> {
    let sql = include_str!("../queries/audit/list.sql");
    let rows = tx.query(sql, &[&filter.entity, &filter.before, &i64::from(filter.limit)]).await?;
    rows.iter().map(deed).collect()
}

/// What was done to one record of a tenant, newest first.
///
/// # Errors
/// As every statement.
pub async fn of_entity(tx: &ReadTx, tenant: TenantId, entity: Uuid, limit: u32) -> Result<Vec<AuditRow>, DbError> {
    let sql = include_str!("../queries/audit/of_entity.sql");
    tx.query(sql, &[&tenant.uuid(), &entity, &i64::from(limit)]).await?.iter().map(deed).collect()
}

fn deed(row: &Row) -> Result<AuditRow, DbError> {
    Ok(AuditRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        user_id: row.try_get::<_, Option<Uuid>>("user_id")?.map(UserId),
        user_name: row.try_get("user_name")?,
        action: row.try_get("action")?,
        entity_id: row.try_get("entity_id")?,
        detail: row.try_get("detail")?,
    })
}
