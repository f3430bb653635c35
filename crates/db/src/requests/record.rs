//! The record that a request is about, held still while the request is written.

use std::collections::BTreeMap;

use storewire_domain::{
    Edit, StoreId,
    intent::{FieldValue, Fields},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// A record as far as a request is about it.
#[derive(Clone, Debug)]
pub struct Record {
    /// What people call it.
    pub about: String,
    /// What our copy holds of the edit's fields; none for an edit that changes nothing that is there.
    pub held: Fields,
}

/// The record of the edit's kind with this id of ours; `None` if the store no longer has it, or has it in the trash. Whoever stores a newer
/// version of it waits until this transaction ends, and then finds the request that was written in it.
///
/// # Errors
/// As every statement.
pub async fn record(tx: &TenantTx, store: StoreId, entity: Uuid, edit: &Edit) -> Result<Option<Record>, DbError> {
    let sql = match edit.noun() {
        "product" => include_str!("../../queries/request/product_for_share.sql"),
        _ => include_str!("../../queries/request/order_for_share.sql"),
    };
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &entity]).await?;
    row.map(|row| if edit.noun() == "product" { product(&row, edit) } else { order(&row) }).transpose()
}

fn product(row: &Row, edit: &Edit) -> Result<Record, DbError> {
    let number = |column| Ok::<_, DbError>(FieldValue::number(row.try_get(column)?));
    let held = match edit {
        Edit::Stock { .. } => Fields::of("stock_quantity", number("stock_quantity")?),
        Edit::Price { .. } => {
            Fields::of("regular_price", number("regular_price")?).with("sale_price", number("sale_price")?)
        }
        Edit::ProductStatus { .. } => Fields::of("status", FieldValue::text(row.try_get("status")?)),
        Edit::Categories { .. } => {
            let categories: BTreeMap<String, String> = serde_json::from_value(row.try_get("categories")?)
                .map_err(|_| DbError::Inconsistent { table: "product", column: "categories" })?;
            Fields::of("categories", FieldValue::list(categories.keys().map(String::as_str)))
        }
        _ => Fields::default(),
    };
    Ok(Record { about: row.try_get("name")?, held })
}

fn order(row: &Row) -> Result<Record, DbError> {
    Ok(Record { about: row.try_get("number")?, held: Fields::default() })
}
