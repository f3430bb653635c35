//! People, their roles and their logins.

mod people;

use std::collections::HashMap;

use jiff::Timestamp;
use storewire_domain::{PlatformRole, SessionId, StoreId, TenantId, TenantRole, UserId};
use tokio_postgres::Row;

pub use people::{Person, keepers, members, members_with, persons, staff_of};

use crate::{AuthTx, DbError, ReadTx, TenantTx};

/// What is needed to check a password.
#[derive(Clone, Debug)]
pub struct LoginRow {
    pub user_id: UserId,
    /// argon2id, PHC text.
    pub password_hash: String,
    pub is_disabled: bool,
}

/// Who a live session stands for.
#[derive(Clone, Debug)]
pub struct ViewerRow {
    /// The session is alive before this.
    pub expires_at: Timestamp,
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub locale: Option<String>,
    pub platform_role: Option<PlatformRole>,
    pub membership: Option<(TenantId, TenantRole)>,
    /// Stores that a staff member keeps; `None` for all.
    pub stores: Option<Vec<StoreId>>,
}

/// A tenant's name and id.
#[derive(Clone, Debug)]
pub struct TenantRow {
    pub id: TenantId,
    pub name: String,
}

/// Finds a login by e-mail; case of the e-mail does not matter.
///
/// # Errors
/// As every statement.
pub async fn find_login(tx: &AuthTx, email: &str) -> Result<Option<LoginRow>, DbError> {
    let row = tx.query_opt("SELECT user_id, password_hash, disabled FROM login_find($1)", &[&email]).await?;
    row.map(|row| {
        Ok(LoginRow { user_id: UserId(row.try_get(0)?), password_hash: row.try_get(1)?, is_disabled: row.try_get(2)? })
    })
    .transpose()
}

/// Replaces a password hash, after its parameters were raised.
///
/// # Errors
/// As every statement.
pub async fn rehash(tx: &AuthTx, user: UserId, password_hash: &str) -> Result<(), DbError> {
    tx.execute("SELECT login_rehash($1, $2)", &[&user.uuid(), &password_hash]).await?;
    Ok(())
}

/// Opens a session.
///
/// # Errors
/// As every statement.
pub async fn insert_session(
    tx: &AuthTx,
    id: SessionId,
    user: UserId,
    now: Timestamp,
    until: Timestamp,
    user_agent: &str,
) -> Result<(), DbError> {
    tx.execute("SELECT session_open($1, $2, $3, $4, $5)", &[&id.uuid(), &user.uuid(), &now, &until, &user_agent])
        .await?;
    Ok(())
}

/// Ends a session; its next request is refused.
///
/// # Errors
/// As every statement.
pub async fn revoke_session(tx: &AuthTx, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    tx.execute("SELECT session_revoke($1, $2)", &[&id.uuid(), &now]).await?;
    Ok(())
}

/// Who the session stands for, if it is alive at `now`; for who is in a transaction anyway. [`crate::Db::find_viewer`] is for requests.
///
/// # Errors
/// As every statement; `Inconsistent` for an unknown role.
pub async fn find_viewer(tx: &AuthTx, id: SessionId, now: Timestamp) -> Result<Option<ViewerRow>, DbError> {
    let row = find_viewers(tx, &[id]).await?.remove(&id);
    Ok(row.filter(|row| row.expires_at > now))
}

/// Who these sessions stand for; those that were ended are left out, those that ran out are not.
pub(crate) async fn find_viewers(
    tx: &AuthTx,
    sessions: &[SessionId],
) -> Result<HashMap<SessionId, ViewerRow>, DbError> {
    let ids: Vec<uuid::Uuid> = sessions.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../queries/session/viewers.sql"), &[&ids]).await?;
    rows.iter().map(|row| Ok((SessionId(row.try_get("session_id")?), viewer(row)?))).collect()
}

fn viewer(row: &Row) -> Result<ViewerRow, DbError> {
    let platform_role: Option<&str> = row.try_get("platform_role")?;
    let tenant: Option<uuid::Uuid> = row.try_get("tenant_id")?;
    let tenant_role: Option<&str> = row.try_get("tenant_role")?;
    let stores: Option<Vec<uuid::Uuid>> = row.try_get("stores")?;
    Ok(ViewerRow {
        expires_at: row.try_get("expires_at")?,
        user_id: UserId(row.try_get("user_id")?),
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        locale: row.try_get("locale")?,
        platform_role: platform_role
            .map(str::parse)
            .transpose()
            .map_err(|_| DbError::Inconsistent { table: "app_user", column: "platform_role" })?,
        membership: tenant
            .zip(tenant_role)
            .map(|(tenant, role)| role.parse().map(|role| (TenantId(tenant), role)))
            .transpose()
            .map_err(|_| DbError::Inconsistent { table: "membership", column: "role" })?,
        stores: stores.map(|ids| ids.into_iter().map(StoreId).collect()),
    })
}

/// What each of these sessions stands for now; those that ended are left out. Texts are to be compared, not read.
///
/// # Errors
/// As every statement.
pub async fn standings(
    tx: &AuthTx,
    sessions: &[SessionId],
    now: Timestamp,
) -> Result<HashMap<SessionId, String>, DbError> {
    let ids: Vec<uuid::Uuid> = sessions.iter().map(|id| id.uuid()).collect();
    let rows = tx.query("SELECT session_id, standing FROM session_standings($1, $2)", &[&ids, &now]).await?;
    rows.iter().map(|row| Ok((SessionId(row.try_get(0)?), row.try_get(1)?))).collect()
}

/// Creates a person; what they may do comes from `platform_role` or from memberships added later.
///
/// # Errors
/// `Conflict` with `app_user_email_key` if the e-mail is taken.
pub async fn create_user(
    tx: &AuthTx,
    email: &str,
    name: &str,
    password_hash: &str,
    platform_role: Option<PlatformRole>,
) -> Result<UserId, DbError> {
    let id = UserId::fresh();
    tx.execute(
        "SELECT user_create($1, $2, $3, $4, $5)",
        &[&id.uuid(), &email, &name, &password_hash, &platform_role.map(PlatformRole::as_str)],
    )
    .await?;
    Ok(id)
}

/// Makes a person a member of the transaction's tenant.
///
/// # Errors
/// `Conflict` if they are one already.
pub async fn add_membership(tx: &TenantTx, user: UserId, role: TenantRole) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO membership (tenant_id, user_id, role) VALUES ($1, $2, $3)",
        &[&tx.tenant.uuid(), &user.uuid(), &role.as_str()],
    )
    .await?;
    Ok(())
}

/// Creates the transaction's tenant (open the transaction with a fresh `TenantId`).
///
/// # Errors
/// `Conflict` if it exists.
pub async fn create_tenant(tx: &TenantTx, name: &str) -> Result<(), DbError> {
    tx.execute("INSERT INTO tenant (id, name) VALUES ($1, $2)", &[&tx.tenant.uuid(), &name]).await?;
    Ok(())
}

/// Narrows a staff member to some stores: gives them this one of the transaction's tenant.
///
/// # Errors
/// `Conflict` if they keep it already.
pub async fn assign_staff(tx: &TenantTx, user: UserId, store: StoreId) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO staff_store (tenant_id, store_id, user_id) VALUES ($1, $2, $3)",
        &[&tx.tenant.uuid(), &store.uuid(), &user.uuid()],
    )
    .await?;
    Ok(())
}

/// Every tenant that the reader may see, by name.
///
/// # Errors
/// As every statement.
pub async fn list_tenants(tx: &ReadTx) -> Result<Vec<TenantRow>, DbError> {
    let rows = tx.query("SELECT id, name FROM tenant ORDER BY name, id LIMIT 10000", &[]).await?;
    rows.iter().map(|row| Ok(TenantRow { id: TenantId(row.try_get(0)?), name: row.try_get(1)? })).collect()
}
