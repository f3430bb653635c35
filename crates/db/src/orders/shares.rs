//! Links by which a buyer may look at one order for a while, without a login.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{OrderId, ReadScope, TenantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    AuthTx, Db, DbError, ReadTx, TenantTx,
    scope::Param,
    select::{Select, borrowed},
};

/// The links of one order that are listed.
const LISTED: u32 = 50;

/// A link. The token is not part of it: only its digest is kept.
#[derive(Clone, Debug)]
pub struct ShareRow {
    pub id: Uuid,
    pub order_id: OrderId,
    pub by_name: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// How often it was opened.
    pub looks: i64,
    pub looked_at: Option<Timestamp>,
}

impl ShareRow {
    /// Whether it opens the order at `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

/// A link to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewShare<'a> {
    pub id: Uuid,
    pub order: OrderId,
    /// SHA-256 of the token.
    pub digest: &'a [u8; 32],
    pub by: UserId,
    pub by_name: &'a str,
    /// At most 31 days from now.
    pub expires_at: Timestamp,
}

/// What a buyer is shown of an order: no amount, no address, nothing of anybody else.
#[derive(Clone, Debug)]
pub struct SharedOrder {
    pub number: String,
    pub status: String,
    pub store_name: String,
    pub created_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// Names and how many, as far as the store says.
    pub items: Vec<(String, Option<Decimal>)>,
    /// The order as the store sent it, to read the parcels from.
    pub raw: String,
}

/// The links to an order: those that were not revoked before those that were, the newest first.
///
/// # Errors
/// As every statement.
pub async fn shares(tx: &ReadTx, tenant: TenantId, order: OrderId) -> Result<Vec<ShareRow>, DbError> {
    let (sql, params) = to_order(tenant, order).finish(ORDER, LISTED);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(share).collect()
}

/// One link to an order.
///
/// # Errors
/// As every statement.
pub async fn find_share(tx: &ReadTx, tenant: TenantId, order: OrderId, id: Uuid) -> Result<Option<ShareRow>, DbError> {
    let mut select = to_order(tenant, order);
    select.filter("id = $", id);
    let (sql, params) = select.finish_all(ORDER);
    tx.query_opt(&sql, &borrowed(&params)).await?.as_ref().map(share).transpose()
}

const ORDER: &str = "ORDER BY revoked_at IS NOT NULL, id DESC";

fn to_order(tenant: TenantId, order: OrderId) -> Select {
    let mut select = Select::new(include_str!("../../queries/order_share/list.sql"));
    select.filter("tenant_id = $", tenant.uuid()).filter("order_id = $", order.uuid());
    select
}

/// Makes a link, or gives the one with this id that the same person made a new address. False if there is one with this id that is
/// another's or was revoked.
///
/// # Errors
/// As every statement.
pub async fn make_share(tx: &TenantTx, new: &NewShare<'_>, now: Timestamp) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            include_str!("../../queries/order_share/insert.sql"),
            &[
                &tx.tenant.uuid(),
                &new.id,
                &new.order.uuid(),
                &new.digest.as_slice(),
                &new.by.uuid(),
                &new.by_name,
                &now,
                &new.expires_at,
            ],
        )
        .await?;
    Ok(rows > 0)
}

/// Ends a link; false if there is none that was not revoked before.
///
/// # Errors
/// As every statement.
pub async fn revoke_share(
    tx: &TenantTx,
    order: OrderId,
    id: Uuid,
    by: UserId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/order_share/revoke.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &order.uuid(), &id, &now, &by.uuid()]).await? > 0)
}

/// The order that a token opens at `now`, and until when; counts the look. `None` for a token that is wrong, expired or revoked, and for an
/// order that is gone.
///
/// # Errors
/// As every statement.
pub async fn shared(db: &Db, digest: &[u8; 32], now: Timestamp) -> Result<Option<(SharedOrder, Timestamp)>, DbError> {
    let tx = db.auth().await?;
    let found = find(&tx, digest, now).await?;
    tx.commit().await?;
    let Some((tenant, order, until)) = found else { return Ok(None) };
    let tx = db.read(&ReadScope::Tenant(tenant)).await?;
    let (seen, ended) = tokio::join!(biased; view(&tx, tenant, order), tx.end());
    ended?;
    Ok(seen?.map(|seen| (seen, until)))
}

async fn find(
    tx: &AuthTx,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(TenantId, OrderId, Timestamp)>, DbError> {
    let sql = "SELECT tenant_id, order_id, expires_at FROM share_find($1, $2)";
    let row = tx.query_opt(sql, &[&digest.as_slice(), &now]).await?;
    row.map(|row| Ok((TenantId(row.try_get(0)?), OrderId(row.try_get(1)?), row.try_get(2)?))).transpose()
}

async fn view(tx: &ReadTx, tenant: TenantId, order: OrderId) -> Result<Option<SharedOrder>, DbError> {
    let (tenant, order) = (tenant.uuid(), order.uuid());
    let key: [Param<'_>; 2] = [&tenant, &order];
    let (row, items) = tokio::join!(
        biased;
        tx.query_opt(include_str!("../../queries/order_share/view.sql"), &key),
        tx.query(include_str!("../../queries/order_share/items.sql"), &key),
    );
    let (row, items) = (row?, items?);
    let item = |row: &Row| Ok((row.try_get("name")?, row.try_get("quantity")?));
    row.map(|row| {
        Ok(SharedOrder {
            number: row.try_get("number")?,
            status: row.try_get("status")?,
            store_name: row.try_get("store_name")?,
            created_at: row.try_get("created_at")?,
            paid_at: row.try_get("paid_at")?,
            completed_at: row.try_get("completed_at")?,
            items: items.iter().map(item).collect::<Result<_, DbError>>()?,
            raw: row.try_get("raw")?,
        })
    })
    .transpose()
}

fn share(row: &Row) -> Result<ShareRow, DbError> {
    Ok(ShareRow {
        id: row.try_get("id")?,
        order_id: OrderId(row.try_get("order_id")?),
        by_name: row.try_get("by_name")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        revoked_at: row.try_get("revoked_at")?,
        looks: row.try_get("looks")?,
        looked_at: row.try_get("looked_at")?,
    })
}
