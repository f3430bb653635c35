//! Who owns the fields of a store, as people said.

use jiff::Timestamp;
use storewire_domain::{
    StoreId, TenantId, UserId,
    owner::{Owner, Owners},
};

use crate::{DbError, DeskTx, ReadTx, TenantTx, scope::Tx};

/// The owners of a store's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    pub owners: Owners,
    /// Moves with every setting; 0 while nobody has said anything.
    pub version: i64,
}

/// The owners of a store's fields, for a reader who sees the store.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored field is not known.
pub async fn of_store(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Ownership, DbError> {
    find(tx, tenant, store).await
}

/// The same, within a transaction that may set them.
///
/// # Errors
/// As [`of_store`].
pub async fn held(tx: &TenantTx, store: StoreId) -> Result<Ownership, DbError> {
    find(tx, tx.tenant, store).await
}

/// Sets the owners of a store's fields, and answers the new version; `None` if they are not those of the `version` that was seen.
///
/// # Errors
/// As every statement.
pub async fn set(
    tx: &DeskTx,
    store: StoreId,
    owners: &Owners,
    version: i64,
    by: UserId,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = match version {
        0 => include_str!("../queries/store_ownership/insert.sql"),
        _ => include_str!("../queries/store_ownership/change.sql"),
    };
    let fields: Vec<&str> = owners.of_shop().map(|field| field.as_str()).collect();
    let (tenant, store, by) = (tx.tenant.uuid(), store.uuid(), by.uuid());
    let row = tx.query_opt(sql, &[&tenant, &store, &version, &fields, &by, &now]).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn find(tx: &Tx, tenant: TenantId, store: StoreId) -> Result<Ownership, DbError> {
    let sql = include_str!("../queries/store_ownership/find.sql");
    let Some(row) = tx.query_opt(sql, &[&tenant.uuid(), &store.uuid()]).await? else {
        return Ok(Ownership::default());
    };
    let unknown = |_| DbError::Inconsistent { table: "store_ownership", column: "shop_fields" };
    let mut owners = Owners::default();
    for field in row.try_get::<_, Vec<&str>>("shop_fields")? {
        owners = owners.with(field.parse().map_err(unknown)?, Owner::Shop);
    }
    Ok(Ownership { owners, version: row.try_get("version")? })
}
