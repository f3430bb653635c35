//! Where a store stands and how it is reached: as its actor reports, and as people decide.

use jiff::Timestamp;
use storewire_domain::{AuthScheme, StoreId, StoreState};
use tokio_postgres::Row;

use crate::{DbError, TenantTx, stores::NewState};

/// Where a store stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: StoreState,
    /// A machine word for why, a key of the panel's advice.
    pub reason: Option<String>,
}

/// Writes down where a store stands and answers where it stood before. `None`, and nothing is written, if a person paused it or it was
/// parked meanwhile: the end of work that was under way must not wake it.
///
/// # Errors
/// As every statement.
pub async fn report(
    tx: &TenantTx,
    id: StoreId,
    new: &NewState<'_>,
    now: Timestamp,
) -> Result<Option<Standing>, DbError> {
    let row = tx
        .query_opt(
            include_str!("../queries/store/report.sql"),
            &[&tx.tenant.uuid(), &id.uuid(), &new.state.as_str(), &new.reason, &new.ok_at, &new.error, &now],
        )
        .await?;
    row.map(|row| Ok(Standing { state: was(&row)?, reason: row.try_get("was_for")? })).transpose()
}

/// Pauses a store and answers whether it was not paused before. Its deliveries are stored all the same.
///
/// # Errors
/// As every statement.
pub async fn pause(tx: &TenantTx, id: StoreId, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/store/pause.sql");
    Ok(tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid(), &now]).await?.is_some())
}

/// Resumes a paused or parked store into `state`. Answers which of the two it was; `None` if it was neither.
///
/// # Errors
/// As every statement.
pub async fn resume(
    tx: &TenantTx,
    id: StoreId,
    state: StoreState,
    now: Timestamp,
) -> Result<Option<StoreState>, DbError> {
    let sql = include_str!("../queries/store/resume.sql");
    tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid(), &state.as_str(), &now]).await?.as_ref().map(was).transpose()
}

/// How a store is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub auth: AuthScheme,
    pub rest_root: String,
    /// Without TLS, by a person's choice.
    pub plain_http: bool,
}

/// Keeps the way in which a store was found to be reached.
///
/// # Errors
/// As every statement.
pub async fn save_reach(tx: &TenantTx, id: StoreId, reach: &Reach, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/store/save_reach.sql"),
        &[&tx.tenant.uuid(), &id.uuid(), &reach.auth.as_str(), &reach.rest_root, &reach.plain_http, &now],
    )
    .await?;
    Ok(())
}

fn was(row: &Row) -> Result<StoreState, DbError> {
    let inconsistent = |_| DbError::Inconsistent { table: "store", column: "state" };
    row.try_get::<_, &str>("was")?.parse().map_err(inconsistent)
}
