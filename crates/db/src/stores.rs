//! Connected stores: their place, their state, their secrets.

use jiff::Timestamp;
use storewire_domain::{AuthScheme, StoreId, StoreState, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    AuthTx, DbError, ReadTx, TenantTx,
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

/// A store with its numbers.
#[derive(Clone, Debug)]
pub struct StoreRow {
    pub tenant_id: TenantId,
    pub tenant_name: String,
    pub id: StoreId,
    pub name: String,
    pub home_url: String,
    pub rest_root: String,
    pub auth: AuthScheme,
    pub state: StoreState,
    /// A machine word for why, a key of the panel's advice.
    pub state_reason: Option<String>,
    pub timezone: String,
    pub currency: String,
    pub decimals: i32,
    pub woo_version: Option<String>,
    /// Everything modified up to here is in our copy; `None` before the first import ended.
    pub as_of: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub last_error_at: Option<Timestamp>,
    pub last_webhook_at: Option<Timestamp>,
    /// Deliveries received and not applied yet.
    pub inbox_pending: i64,
    pub orders: i64,
    pub products: i64,
    /// Rows read by the first import so far; zero once it ended.
    pub backfill_done: i64,
    /// Rows the store announced for it.
    pub backfill_total: Option<i64>,
    pub hooks_checked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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

/// The kinds of secret.
pub mod secret {
    /// REST consumer key.
    pub const CONSUMER_KEY: &str = "consumer_key";
    /// REST consumer secret.
    pub const CONSUMER_SECRET: &str = "consumer_secret";
    /// What the store signs its webhooks with.
    pub const WEBHOOK_SECRET: &str = "webhook_secret";
    /// The token in the store's webhook URL.
    pub const WEBHOOK_TOKEN: &str = "webhook_token";
}

/// A webhook token's store.
#[derive(Clone, Debug)]
pub struct HookTarget {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub home_url: String,
    /// Sealed webhook secrets, any of which may have signed.
    pub sealed_secrets: Vec<Vec<u8>>,
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
    let (sql, params) = select.finish("ORDER BY tenant.name, store.name, store.id", 100_000);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(store_row).collect()
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
    let (sql, params) = select.finish("ORDER BY store.id", u32::try_from(ids.len()).unwrap_or(u32::MAX));
    tx.query(&sql, &borrowed(&params)).await?.iter().map(store_row).collect()
}

/// One store, if the reader may see it.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: StoreId) -> Result<Option<StoreRow>, DbError> {
    Ok(by_ids(tx, &[id.uuid()]).await?.pop())
}

/// A store's valid secrets, sealed, newest first: kind and bytes.
///
/// # Errors
/// As every statement.
pub async fn secrets(tx: &TenantTx, id: StoreId) -> Result<Vec<(String, Vec<u8>)>, DbError> {
    let rows = tx.query(include_str!("../queries/store/secrets.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
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

/// Replaces secrets of these kinds by new ones; those before are retired.
///
/// # Errors
/// As every statement.
pub async fn replace_secrets(
    tx: &TenantTx,
    id: StoreId,
    secrets: &[(&'static str, Vec<u8>)],
    now: Timestamp,
) -> Result<(), DbError> {
    let (tenant, store) = (tx.tenant.uuid(), id.uuid());
    for (kind, sealed) in secrets {
        tx.execute(include_str!("../queries/store/retire_secret.sql"), &[&tenant, &store, kind, &now]).await?;
        let params: [crate::scope::Param<'_>; 5] = [&tenant, &store, &Uuid::now_v7(), kind, sealed];
        tx.execute(include_str!("../queries/store/insert_secret.sql"), &params).await?;
    }
    Ok(())
}

/// Remembers a webhook that we registered.
///
/// # Errors
/// As every statement.
pub async fn remember_webhook(
    tx: &TenantTx,
    id: StoreId,
    topic: &str,
    remote_id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/store/upsert_webhook.sql"),
        &[&tx.tenant.uuid(), &id.uuid(), &topic, &remote_id, &now],
    )
    .await?;
    Ok(())
}

/// The store's own ids of the webhooks that we registered with our current secret.
///
/// # Errors
/// As every statement.
pub async fn remembered_webhooks(tx: &TenantTx, id: StoreId) -> Result<Vec<String>, DbError> {
    let rows = tx
        .query(
            "SELECT remote_id FROM store_webhook WHERE tenant_id = $1 AND store_id = $2 ORDER BY topic",
            &[&tx.tenant.uuid(), &id.uuid()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Says that the store's webhooks are in order now.
///
/// # Errors
/// As every statement.
pub async fn hooks_checked(tx: &TenantTx, id: StoreId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/store/hooks_checked.sql"), &[&tx.tenant.uuid(), &id.uuid(), &now]).await?;
    Ok(())
}

/// Finds the store of a webhook token by the token's digest.
///
/// # Errors
/// As every statement.
pub async fn find_hook(tx: &AuthTx, token_digest: &[u8; 32]) -> Result<Option<HookTarget>, DbError> {
    let row = tx
        .query_opt("SELECT tenant_id, store_id, home_url, sealed FROM hook_find($1)", &[&token_digest.as_slice()])
        .await?;
    row.map(|row| {
        Ok(HookTarget {
            tenant_id: TenantId(row.try_get("tenant_id")?),
            store_id: StoreId(row.try_get("store_id")?),
            home_url: row.try_get("home_url")?,
            sealed_secrets: row.try_get("sealed")?,
        })
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
    rows.iter()
        .map(|row| {
            Ok(StoreBrief {
                tenant_id: TenantId(row.try_get(0)?),
                id: StoreId(row.try_get(1)?),
                state: row
                    .try_get::<_, String>(2)?
                    .parse()
                    .map_err(|_| DbError::Inconsistent { table: "store", column: "state" })?,
                updated_at: row.try_get(3)?,
            })
        })
        .collect()
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(include_str!("../queries/store/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("store.id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select
}

fn store_row(row: &Row) -> Result<StoreRow, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "store", column };
    Ok(StoreRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        tenant_name: row.try_get("tenant_name")?,
        id: StoreId(row.try_get("id")?),
        name: row.try_get("name")?,
        home_url: row.try_get("home_url")?,
        rest_root: row.try_get("rest_root")?,
        auth: row.try_get::<_, String>("auth")?.parse().map_err(|_| inconsistent("auth"))?,
        state: row.try_get::<_, String>("state")?.parse().map_err(|_| inconsistent("state"))?,
        state_reason: row.try_get("state_reason")?,
        timezone: row.try_get("timezone")?,
        currency: row.try_get("currency")?,
        decimals: row.try_get("decimals")?,
        woo_version: row.try_get("woo_version")?,
        as_of: row.try_get("as_of")?,
        last_ok_at: row.try_get("last_ok_at")?,
        last_error: row.try_get("last_error")?,
        last_error_at: row.try_get("last_error_at")?,
        last_webhook_at: row.try_get("last_webhook_at")?,
        inbox_pending: row.try_get("inbox_pending")?,
        orders: row.try_get("orders")?,
        products: row.try_get("products")?,
        backfill_done: row.try_get::<_, Option<i64>>("backfill_done")?.unwrap_or(0),
        backfill_total: row.try_get("backfill_total")?,
        hooks_checked_at: row.try_get("hooks_checked_at")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
