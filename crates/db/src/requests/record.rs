//! The record that a wish is about, held still while the wish is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use storewire_domain::{
    Address, Edit, StoreId,
    intent::{CustomerField, FieldValue, Fields, TextField},
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
    if let Edit::Create { product } = edit {
        // There is nothing yet that could change.
        return Ok(Some(Record { about: product.name.clone(), held: Fields::default() }));
    }
    if let Edit::PlaceOrder { order } = edit {
        return Ok(Some(Record { about: order.buyer(), held: Fields::default() }));
    }
    let sql = match edit.noun() {
        "product" => include_str!("../../queries/request/product_for_share.sql"),
        "customer" => include_str!("../../queries/request/customer_for_share.sql"),
        _ => include_str!("../../queries/request/order_for_share.sql"),
    };
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &entity]).await?;
    let read = |row: Row| match edit.noun() {
        "product" => product(&row, edit),
        "customer" => customer(&row, edit),
        _ => order(&row, edit),
    };
    row.map(read).transpose()
}

fn product(row: &Row, edit: &Edit) -> Result<Record, DbError> {
    let number = |column| Ok::<_, DbError>(FieldValue::number(row.try_get(column)?));
    let held = match edit {
        Edit::Stock { .. } => Fields::of("stock_quantity", number("stock_quantity")?),
        Edit::Price { .. } => {
            Fields::of("regular_price", number("regular_price")?).with("sale_price", number("sale_price")?)
        }
        Edit::ProductStatus { .. } | Edit::Trash => Fields::of("status", FieldValue::text(row.try_get("status")?)),
        Edit::Text { fields } => texts(row, fields.keys())?,
        Edit::Categories { .. } => {
            let categories: BTreeMap<String, String> = serde_json::from_value(row.try_get("categories")?)
                .map_err(|_| DbError::Inconsistent { table: "product", column: "categories" })?;
            Fields::of("categories", FieldValue::list(categories.keys().map(String::as_str)))
        }
        _ => Fields::default(),
    };
    Ok(Record { about: row.try_get("name")?, held })
}

/// The descriptions, which a product's row has no columns for, as the store sent them.
#[derive(Deserialize)]
struct Descriptions {
    #[serde(default)]
    short_description: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

fn texts<'a>(row: &Row, fields: impl Iterator<Item = &'a TextField>) -> Result<Fields, DbError> {
    let shown: Descriptions = serde_json::from_str(row.try_get("raw")?)
        .map_err(|_| DbError::Inconsistent { table: "product", column: "raw" })?;
    let mut held = Fields::default();
    for field in fields {
        let text = match field {
            TextField::Name => row.try_get("name")?,
            TextField::Sku => row.try_get("sku")?,
            TextField::Short => shown.short_description.as_deref().unwrap_or_default(),
            TextField::Long => shown.description.as_deref().unwrap_or_default(),
        };
        held = held.with(field.as_str(), FieldValue::text(&field.settled(text)));
    }
    Ok(held)
}

fn order(row: &Row, edit: &Edit) -> Result<Record, DbError> {
    let held = match edit {
        Edit::OrderStatus { .. } => Fields::of("status", FieldValue::text(row.try_get("status")?)),
        _ => Fields::default(),
    };
    Ok(Record { about: row.try_get("number")?, held })
}

fn customer(row: &Row, edit: &Edit) -> Result<Record, DbError> {
    let mut held = Fields::default();
    if let Edit::Customer { fields } = edit {
        let address = |column: &'static str| -> Result<Address, DbError> {
            serde_json::from_value(row.try_get(column)?)
                .map_err(|_| DbError::Inconsistent { table: "customer", column })
        };
        let (billing, shipping) = (address("billing")?, address("shipping")?);
        for field in fields.keys() {
            let value = match field {
                CustomerField::Email => Some(row.try_get("email")?),
                // Of the account's own name our copy keeps both parts as one.
                other => other.in_addresses(&billing, &shipping),
            };
            if let Some(value) = value {
                held = held.with(field.as_str(), FieldValue::text(value));
            }
        }
    }
    Ok(Record { about: row.try_get("name")?, held })
}
