//! One change of many records, with what became of each.
//!
//! A bulk may be about records of several tenants: each has its own rows, written in its own transaction. How a write ended is told by its
//! intent alone.

use jiff::Timestamp;
use storewire_domain::{Edit, StoreId, TenantId, UserId};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::{
    DbError, ReadTx, TenantTx,
    decode::known,
    select::{Select, borrowed},
};

/// More rows than any bulk has.
const MOST: u32 = 1_000;

/// What became of one record when the bulk was written down.
#[derive(Clone, Debug)]
pub struct NewBulkRow<'a> {
    /// Its place in the bulk.
    pub position: i32,
    pub store: StoreId,
    /// Our id of the record.
    pub entity: Uuid,
    pub edit: &'a Edit,
    /// The intent that it became, or the word for why it became none.
    pub outcome: Result<Uuid, &'static str>,
}

/// One record of a bulk.
#[derive(Clone, Debug)]
pub struct BulkRow {
    pub tenant_id: TenantId,
    pub position: i32,
    pub store_id: StoreId,
    pub entity_id: Uuid,
    pub edit: Edit,
    pub intent_id: Option<Uuid>,
    /// Why it became no intent; there is one of the two.
    pub refusal: Option<String>,
    pub created_at: Timestamp,
}

/// Whether the transaction's tenant has its part of a bulk.
///
/// # Errors
/// As every statement.
pub async fn is_written(tx: &TenantTx, bulk: Uuid) -> Result<bool, DbError> {
    let row = tx.query_one(include_str!("../queries/bulk_row/exists.sql"), &[&tx.tenant.uuid(), &bulk]).await?;
    Ok(row.try_get(0)?)
}

/// Writes a tenant's part of a bulk down.
///
/// # Errors
/// As every statement.
pub async fn insert(
    tx: &TenantTx,
    bulk: Uuid,
    by: UserId,
    rows: &[NewBulkRow<'_>],
    now: Timestamp,
) -> Result<(), DbError> {
    macro_rules! column {
        (|$row:ident| $value:expr) => {
            rows.iter().map(|$row| $value).collect::<Vec<_>>()
        };
    }
    tx.execute(
        include_str!("../queries/bulk_row/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &bulk,
            &column!(|row| row.position),
            &column!(|row| row.store.uuid()),
            &column!(|row| row.entity),
            &column!(|row| Json(row.edit)),
            &column!(|row| row.outcome.ok()),
            &column!(|row| row.outcome.err()),
            &by.uuid(),
            &now,
        ],
    )
    .await?;
    Ok(())
}

/// The rows of a bulk that the reader may see, in the order in which they were asked for; none for a bulk that is not theirs to see.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn rows(tx: &ReadTx, bulk: Uuid) -> Result<Vec<BulkRow>, DbError> {
    let mut select = Select::new(include_str!("../queries/bulk_row/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("bulk_row.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select.filter("bulk_row.bulk_id = $", bulk);
    let (sql, params) = select.finish("ORDER BY bulk_row.position", MOST);
    known(&tx.query(&sql, &borrowed(&params)).await?, row)
}

fn row(row: &Row) -> Result<BulkRow, DbError> {
    let edit: Json<Edit> =
        row.try_get("edit").map_err(|_| DbError::Inconsistent { table: "bulk_row", column: "edit" })?;
    Ok(BulkRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        position: row.try_get("position")?,
        store_id: StoreId(row.try_get("store_id")?),
        entity_id: row.try_get("entity_id")?,
        edit: edit.0,
        intent_id: row.try_get("intent_id")?,
        refusal: row.try_get("refusal")?,
        created_at: row.try_get("created_at")?,
    })
}
