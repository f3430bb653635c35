//! Connected stores: their place, their state, their secrets, their webhooks.

mod glance;
mod hooks;
mod row;
mod secrets;
mod settings;
mod watch;

use jiff::Timestamp;
use storewire_domain::{AuthScheme, StoreId, StoreState, TenantId};
use uuid::Uuid;

pub use crate::standing::Standing;
pub use glance::{StoreGlance, glances};
pub use hooks::{
    HookStanding, HookTarget, KnownWebhook, Unannounced, all_hooks, find_hook, forget_webhook, hook_standing,
    hooks_checked, lost_owners, remember_webhook, remembered_webhooks, unannounced_orders,
};
pub use row::StoreRow;
use row::store_row;
pub use secrets::{Sealed, current_secret, first_and_last_secret, replace_secrets, secret, secrets};
pub use settings::{add_source, known_sources, quarantined, rename, set_freshness_goal};
pub use watch::{Watched, watched};

use crate::{
    DbError, ReadTx, TenantTx,
    decode::known,
    select::{Select, borrowed},
};

/// A store about to be connected.
#[derive(Clone, Debug)]
pub struct NewStore {
    pub id: StoreId,
    pub name: String,
    /// The site's own home URL, as it names itself in `X-WC-Webhook-Source`.
    pub home_url: String,
    pub rest_root: String,
    pub auth: AuthScheme,
    /// A person chose to reach it without TLS.
    pub plain_http: bool,
    /// IANA name or `+03:00`.
    pub timezone: String,
    /// ISO 4217, upper case.
    pub currency: String,
    /// Digits after the point in the store's prices.
    pub decimals: i32,
    pub woo_version: Option<String>,
    /// SHA-256 of the token in its webhook URL.
    pub hook_token_digest: [u8; 32],
    /// Sealed secrets: kind and bytes.
    pub secrets: Vec<(&'static str, Vec<u8>)>,
}

/// Where a store stands after work for it.
#[derive(Clone, Debug)]
pub struct NewState<'a> {
    pub state: StoreState,
    pub reason: Option<&'a str>,
    /// When a read of it last succeeded, if it just did.
    pub ok_at: Option<Timestamp>,
    /// What just failed, for staff.
    pub error: Option<&'a str>,
}

/// Inserts a store with its secrets and its counter.
///
/// # Errors
/// `Conflict` with `store_home_url_key` if the tenant has connected this site, `store_hook_token_key` if the token is in use.
pub async fn insert(tx: &TenantTx, store: &NewStore, now: Timestamp) -> Result<(), DbError> {
    let (tenant, id) = (tx.tenant.uuid(), store.id.uuid());
    tx.execute(
        include_str!("../queries/store/insert.sql"),
        &[
            &tenant,
            &id,
            &i16::from(store.id.shard()),
            &store.name,
            &store.home_url,
            &store.rest_root,
            &store.auth.as_str(),
            &store.timezone,
            &store.currency,
            &store.decimals,
            &store.woo_version,
            &store.hook_token_digest.as_slice(),
            &now,
            &store.plain_http,
        ],
    )
    .await?;
    for (kind, sealed) in &store.secrets {
        let params: [crate::scope::Param<'_>; 5] = [&tenant, &id, &Uuid::now_v7(), kind, sealed];
        tx.execute(include_str!("../queries/store/insert_secret.sql"), &params).await?;
    }
    tx.execute("INSERT INTO store_counter (tenant_id, store_id) VALUES ($1, $2)", &[&tenant, &id]).await?;
    Ok(())
}

/// The stores that the reader may see, by name.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx) -> Result<Vec<StoreRow>, DbError> {
    let select = within_sight(tx);
    let (sql, params) = select.finish_all("ORDER BY tenant.name, store.name, store.id");
    known(&tx.query(&sql, &borrowed(&params)).await?, store_row)
}

/// These stores, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As every statement.
pub async fn by_ids(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<StoreRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("store.id = ANY ($)", ids.to_vec());
    let (sql, params) = select.finish_all("ORDER BY store.id");
    known(&tx.query(&sql, &borrowed(&params)).await?, store_row)
}

/// One store, if the reader may see it.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: StoreId) -> Result<Option<StoreRow>, DbError> {
    Ok(by_ids(tx, &[id.uuid()]).await?.pop())
}

/// Says where a store stands and answers whether that is new.
///
/// # Errors
/// As every statement.
pub async fn set_state(tx: &TenantTx, id: StoreId, new: &NewState<'_>, now: Timestamp) -> Result<bool, DbError> {
    let row = tx
        .query_opt(
            include_str!("../queries/store/set_state.sql"),
            &[&tx.tenant.uuid(), &id.uuid(), &new.state.as_str(), &new.reason, &new.ok_at, &new.error, &now],
        )
        .await?;
    Ok(row.map(|row| row.try_get("has_changed")).transpose()?.unwrap_or(false))
}

/// Writes down the site's time zone, an IANA name or `+03:00`, and answers whether it is another one.
///
/// # Errors
/// As every statement.
pub async fn set_timezone(tx: &TenantTx, id: StoreId, timezone: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../queries/store/set_timezone.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &timezone, &now]).await? > 0)
}

/// Writes down which statuses the store says its orders may be given, sorted and without prefix, if that is news.
///
/// # Errors
/// As every statement.
pub async fn keep_order_statuses(tx: &TenantTx, id: StoreId, statuses: &[String]) -> Result<(), DbError> {
    let sql = include_str!("../queries/store/keep_statuses.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id.uuid(), &statuses]).await?;
    Ok(())
}

/// The statuses that stores in the reader's sight, or one of them, say their orders may be given, each once.
///
/// # Errors
/// As every statement.
pub async fn order_statuses(tx: &ReadTx, store: Option<StoreId>) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../queries/store/order_statuses.sql");
    let rows = tx.query(sql, &[&tx.stores_in_sight(), &store.map(StoreId::uuid)]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The tenant's store at this home URL, with its state.
///
/// # Errors
/// As every statement.
pub async fn find_by_home(tx: &TenantTx, home_url: &str) -> Result<Option<(StoreId, StoreState)>, DbError> {
    let row = tx
        .query_opt(
            "SELECT id, state FROM store WHERE tenant_id = $1 AND home_url = $2",
            &[&tx.tenant.uuid(), &home_url],
        )
        .await?;
    row.map(|row| {
        let state: String = row.try_get(1)?;
        let state = state.parse().map_err(|_| DbError::Inconsistent { table: "store", column: "state" })?;
        Ok((StoreId(row.try_get(0)?), state))
    })
    .transpose()
}

/// A store as the supervisor sees it.
#[derive(Clone, Copy, Debug)]
pub struct StoreBrief {
    pub tenant_id: TenantId,
    pub id: StoreId,
    pub state: StoreState,
    pub updated_at: Timestamp,
}

/// Stores connected or changed at or after `since`.
///
/// # Errors
/// As every statement.
pub async fn changed_since(tx: &ReadTx, since: Timestamp) -> Result<Vec<StoreBrief>, DbError> {
    let rows = tx
        .query(
            "SELECT tenant_id, id, state, updated_at FROM store WHERE updated_at >= $1 ORDER BY id LIMIT 1000000",
            &[&since],
        )
        .await?;
    known(&rows, |row| {
        let state = row.try_get::<_, &str>(2)?.parse();
        Ok(StoreBrief {
            tenant_id: TenantId(row.try_get(0)?),
            id: StoreId(row.try_get(1)?),
            state: state.map_err(|_| DbError::Inconsistent { table: "store", column: "state" })?,
            updated_at: row.try_get(3)?,
        })
    })
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(include_str!("../queries/store/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("store.id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select
}
