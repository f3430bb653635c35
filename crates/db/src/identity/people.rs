//! People as others name and tell them: who keeps a store, who belongs to a tenant.

use storewire_domain::{StoreId, TenantId, TenantRole, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, scope::Tx};

/// Somebody to be named or told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    /// One of the platform's people.
    pub is_staff: bool,
}

/// The platform's people who keep this store, at most `limit`. Only the platform's scope sees them.
///
/// # Errors
/// As every statement.
pub async fn staff_of(tx: &ReadTx, store: StoreId, limit: u32) -> Result<Vec<Person>, DbError> {
    let sql = include_str!("../../queries/person/staff_of.sql");
    tx.query(sql, &[&store.uuid(), &i64::from(limit)]).await?.iter().map(person).collect()
}

/// Who they are, for who has something to tell them in a tenant's scope, which sees nothing more of them.
///
/// # Errors
/// As every statement.
pub async fn keepers(tx: &TenantTx, store: StoreId, limit: u32) -> Result<Vec<UserId>, DbError> {
    let sql = "SELECT user_id FROM store_keepers($1, $2)";
    let rows = tx.query(sql, &[&store.uuid(), &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(UserId(row.try_get(0)?))).collect()
}

/// These people, in no order; those out of the reader's sight are left out.
///
/// # Errors
/// As every statement.
pub async fn persons(tx: &ReadTx, ids: &[UserId]) -> Result<Vec<Person>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    tx.query(include_str!("../../queries/person/of_ids.sql"), &[&ids]).await?.iter().map(person).collect()
}

/// The people of a tenant, of one role if given.
///
/// # Errors
/// As every statement.
pub async fn members(tx: &ReadTx, tenant: TenantId, role: Option<TenantRole>) -> Result<Vec<Person>, DbError> {
    people_of(tx, tenant, role).await
}

/// The people of the transaction's tenant who have this role, for who has something to tell them.
///
/// # Errors
/// As every statement.
pub async fn members_with(tx: &TenantTx, role: TenantRole) -> Result<Vec<Person>, DbError> {
    people_of(tx, tx.tenant, Some(role)).await
}

async fn people_of(tx: &Tx, tenant: TenantId, role: Option<TenantRole>) -> Result<Vec<Person>, DbError> {
    let sql = include_str!("../../queries/person/members.sql");
    tx.query(sql, &[&tenant.uuid(), &role.map(TenantRole::as_str)]).await?.iter().map(person).collect()
}

fn person(row: &Row) -> Result<Person, DbError> {
    Ok(Person {
        id: UserId(row.try_get("id")?),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        is_staff: row.try_get("is_staff")?,
    })
}
