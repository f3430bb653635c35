//! The record that an intent is to change, as our copy has it: what can be known without asking the store.

use std::collections::HashSet;

use storewire_domain::{Edit, ManageStock, RemoteId, StoreId, owner::OwnedField};
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// A record as far as it decides whether an edit fits it.
#[derive(Clone, Debug)]
pub struct Target {
    pub remote_id: RemoteId,
    pub parent_remote_id: Option<RemoteId>,
    /// A product's type; empty for other records.
    pub product_type: String,
    pub manage_stock: Option<ManageStock>,
    /// An order's status; empty for other records.
    pub status: String,
    /// Digits after the point in the store's prices.
    pub decimals: u32,
    /// The shop alone changes the edit's field.
    pub is_of_shop: bool,
}

/// The record of the edit's kind with this id of ours; `None` if the store no longer has it, or has it in the trash.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn target(tx: &TenantTx, store: StoreId, entity: Uuid, edit: &Edit) -> Result<Option<Target>, DbError> {
    let sql = match edit.noun() {
        "product" => include_str!("../../queries/intent/target_product.sql"),
        "order" => include_str!("../../queries/intent/target_order.sql"),
        _ => include_str!("../../queries/intent/target_customer.sql"),
    };
    let field = edit.owned_field().map(OwnedField::as_str);
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &entity, &field]).await?;
    let Some(row) = row else { return Ok(None) };
    let inconsistent = |column| DbError::Inconsistent { table: "intent target", column };
    let manage_stock: Option<&str> = row.try_get("manage_stock")?;
    let decimals: i32 = row.try_get("decimals")?;
    Ok(Some(Target {
        remote_id: RemoteId(row.try_get("remote_id")?),
        parent_remote_id: row.try_get::<_, Option<String>>("parent_remote_id")?.map(RemoteId),
        product_type: row.try_get("product_type")?,
        status: row.try_get("status")?,
        manage_stock: manage_stock.map(str::parse).transpose().map_err(|_| inconsistent("manage_stock"))?,
        decimals: u32::try_from(decimals).map_err(|_| inconsistent("decimals"))?,
        is_of_shop: row.try_get("is_of_shop")?,
    }))
}

/// A store in which a record is to be made: it has no id there yet. `None` if the tenant has no such store.
///
/// # Errors
/// As [`target`].
pub async fn place(tx: &TenantTx, store: StoreId) -> Result<Option<Target>, DbError> {
    let sql = include_str!("../../queries/intent/place.sql");
    let Some(row) = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid()]).await? else { return Ok(None) };
    let decimals: i32 = row.try_get("decimals")?;
    Ok(Some(Target {
        remote_id: RemoteId::from(""),
        parent_remote_id: None,
        product_type: String::new(),
        status: String::new(),
        manage_stock: None,
        decimals: u32::try_from(decimals)
            .map_err(|_| DbError::Inconsistent { table: "intent target", column: "decimals" })?,
        is_of_shop: false,
    }))
}

/// Which of these products and variations the store sells still, as our copy has it.
///
/// # Errors
/// As every statement.
pub async fn known_articles(tx: &TenantTx, store: StoreId, ids: &[&str]) -> Result<HashSet<String>, DbError> {
    let sql = include_str!("../../queries/intent/known_articles.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    rows.iter().map(|row| Ok(row.try_get("remote_id")?)).collect()
}

/// The ids of the categories that any product of the store is in.
///
/// # Errors
/// As every statement.
pub async fn known_categories(tx: &TenantTx, store: StoreId) -> Result<HashSet<String>, DbError> {
    let sql = include_str!("../../queries/intent/known_categories.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid()]).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}
