//! The order whose goods come back, and the shelf to which they go.

use rust_decimal::Decimal;
use storewire_domain::{OrderId, ProductId, ReturnId, StoreId};
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// An order as far as a return is about it.
#[derive(Clone, Debug)]
pub struct Returnable {
    pub store: StoreId,
    pub number: String,
    pub buyer_name: String,
    /// May be empty.
    pub buyer_email: String,
    pub lines: Vec<Line>,
}

/// What was sold in one line of an order.
#[derive(Clone, Debug)]
pub struct Line {
    /// The store's id of it.
    pub remote_id: String,
    pub name: String,
    pub sku: String,
    pub ordered: Decimal,
    /// So many are in other returns, declined and cancelled ones aside.
    pub returned: Decimal,
    /// Our copy of the product or variation, if we hold it.
    pub product: Option<ProductId>,
}

/// What a store counts of a product.
#[derive(Clone, Copy, Debug)]
pub struct Shelf {
    pub product: ProductId,
    pub count: Decimal,
}

/// An order of the transaction's tenant with what may come back of it; `None` if the store no longer has it. Who is to open a return takes
/// its number first: of two who open one of the same order at once, the other then sees this one's.
///
/// # Errors
/// As every statement.
pub async fn returnable(tx: &TenantTx, order: OrderId) -> Result<Option<Returnable>, DbError> {
    let (tenant, order) = (tx.tenant.uuid(), order.uuid());
    let Some(row) = tx.query_opt(include_str!("../../queries/return/order.sql"), &[&tenant, &order]).await? else {
        return Ok(None);
    };
    let store: Uuid = row.try_get("store_id")?;
    let lines = tx.query(include_str!("../../queries/return/lines.sql"), &[&tenant, &order, &store]).await?;
    let line = |row: &tokio_postgres::Row| {
        Ok::<_, DbError>(Line {
            remote_id: row.try_get("remote_id")?,
            name: row.try_get("name")?,
            sku: row.try_get("sku")?,
            ordered: row.try_get("ordered")?,
            returned: row.try_get("returned")?,
            product: row.try_get::<_, Option<Uuid>>("product_id")?.map(ProductId),
        })
    };
    Ok(Some(Returnable {
        store: StoreId(store),
        number: row.try_get("number")?,
        buyer_name: row.try_get("customer_name")?,
        buyer_email: row.try_get("customer_email")?,
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
    }))
}

/// What the store counts of these products; those that it does not count, or no longer has, are left out. Nobody stores a newer version of
/// them until this transaction ends.
///
/// # Errors
/// As every statement.
pub async fn shelf(tx: &TenantTx, store: StoreId, products: &[ProductId]) -> Result<Vec<Shelf>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = products.iter().map(|id| id.uuid()).collect();
    let sql = include_str!("../../queries/return/shelf.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    let shelf = |row: &tokio_postgres::Row| {
        Ok(Shelf { product: ProductId(row.try_get("id")?), count: row.try_get("stock_quantity")? })
    };
    rows.iter().map(shelf).collect()
}

/// What people call a return, and what one write puts back of it.
#[derive(Clone, Debug)]
pub struct Restocked {
    /// See [`super::ReturnRow`].
    pub number: i64,
    /// Its items that the write is of, by name; empty if they were given another fate since.
    pub items: String,
}

/// What an intent puts back on the shelf; `None` if there is no such return.
///
/// # Errors
/// As every statement.
pub async fn restocked(tx: &TenantTx, of: ReturnId, intent: Uuid) -> Result<Option<Restocked>, DbError> {
    let sql = include_str!("../../queries/return/restocked.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &of.uuid(), &intent]).await?;
    row.map(|row| Ok(Restocked { number: row.try_get("number")?, items: row.try_get("items")? })).transpose()
}
