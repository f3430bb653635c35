//! What the platform charges merchants for orders. Merchants' scopes have no right to any of it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{OrderId, TenantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, DeskTx, ReadTx};

/// A charge, taken back or not.
#[derive(Clone, Debug)]
pub struct ChargeRow {
    pub id: Uuid,
    pub order_id: OrderId,
    pub label: String,
    /// In `currency`, above zero.
    pub amount: Decimal,
    /// ISO 4217 code.
    pub currency: String,
    pub by_name: String,
    pub created_at: Timestamp,
    /// When it was taken back.
    pub ended_at: Option<Timestamp>,
}

/// A charge to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewCharge<'a> {
    pub id: Uuid,
    pub order: OrderId,
    pub label: &'a str,
    pub amount: Decimal,
    pub currency: &'a str,
    pub by: UserId,
    pub by_name: &'a str,
}

/// What is charged for an order, oldest first. For the platform's scope: in a merchant's it is an error.
///
/// # Errors
/// As every statement.
pub async fn charges(tx: &ReadTx, tenant: TenantId, order: OrderId) -> Result<Vec<ChargeRow>, DbError> {
    let sql = include_str!("../../queries/order_charge/list.sql");
    tx.query(sql, &[&tenant.uuid(), &order.uuid()]).await?.iter().map(charge).collect()
}

/// Charges for an order; false if a charge with this id was made before.
///
/// # Errors
/// As every statement.
pub async fn add_charge(tx: &DeskTx, new: &NewCharge<'_>, now: Timestamp) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            include_str!("../../queries/order_charge/insert.sql"),
            &[
                &tx.tenant.uuid(),
                &new.id,
                &new.order.uuid(),
                &new.label,
                &new.amount,
                &new.currency,
                &new.by.uuid(),
                &new.by_name,
                &now,
            ],
        )
        .await?;
    Ok(rows > 0)
}

/// Takes a charge back; false if there is none that stands.
///
/// # Errors
/// As every statement.
pub async fn end_charge(tx: &DeskTx, order: OrderId, id: Uuid, by: UserId, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/order_charge/end.sql");
    Ok(tx.execute(sql, &[&tx.tenant.uuid(), &order.uuid(), &id, &now, &by.uuid()]).await? > 0)
}

fn charge(row: &Row) -> Result<ChargeRow, DbError> {
    Ok(ChargeRow {
        id: row.try_get("id")?,
        order_id: OrderId(row.try_get("order_id")?),
        label: row.try_get("label")?,
        amount: row.try_get("amount")?,
        currency: row.try_get("currency")?,
        by_name: row.try_get("by_name")?,
        created_at: row.try_get("created_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}
