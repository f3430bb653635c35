//! What people do to returns.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{
    OrderId, ProductId, ReturnId, StoreId, UserId,
    returns::{ItemDecision, ReturnReason, ReturnState},
};
use uuid::Uuid;

use super::read::{ReturnRow, one, rows};
use crate::{DbError, TenantTx, scope::Param};

/// A return to open.
#[derive(Clone, Debug)]
pub struct NewReturn<'a> {
    pub id: ReturnId,
    /// See [`crate::desk_numbers`].
    pub number: i64,
    pub store: StoreId,
    pub order: OrderId,
    pub order_number: &'a str,
    pub reason: ReturnReason,
    pub note: &'a str,
    pub by: UserId,
    pub by_name: &'a str,
    pub buyer_name: &'a str,
    /// May be empty.
    pub buyer_email: &'a str,
    pub deed: Uuid,
    pub items: Vec<NewItem<'a>>,
}

/// What is to come back of one line of the order.
#[derive(Clone, Debug)]
pub struct NewItem<'a> {
    /// The store's id of the line.
    pub line: &'a str,
    pub product: Option<ProductId>,
    pub name: &'a str,
    pub sku: &'a str,
    pub quantity: Decimal,
}

/// How one item stands from now on.
#[derive(Clone, Copy, Debug)]
pub struct ItemNews {
    pub position: i32,
    pub received: Option<Decimal>,
    pub decision: Option<ItemDecision>,
    pub intent: Option<Uuid>,
}

/// Opens a return.
///
/// # Errors
/// `Conflict` with `return_case_pkey` if it was opened before.
pub async fn insert(tx: &TenantTx, new: &NewReturn<'_>, now: Timestamp) -> Result<(), DbError> {
    let (tenant, id) = (tx.tenant.uuid(), new.id.uuid());
    let case: [Param<'_>; 14] = [
        &tenant,
        &id,
        &new.number,
        &new.store.uuid(),
        &new.order.uuid(),
        &new.order_number,
        &new.reason.as_str(),
        &new.note,
        &new.by.uuid(),
        &new.by_name,
        &now,
        &new.buyer_name,
        &new.buyer_email,
        &new.deed,
    ];
    tx.execute(include_str!("../../queries/return/insert.sql"), &case).await?;
    let lines: Vec<&str> = new.items.iter().map(|item| item.line).collect();
    let products: Vec<Option<Uuid>> = new.items.iter().map(|item| item.product.map(ProductId::uuid)).collect();
    let names: Vec<&str> = new.items.iter().map(|item| item.name).collect();
    let skus: Vec<&str> = new.items.iter().map(|item| item.sku).collect();
    let quantities: Vec<Decimal> = new.items.iter().map(|item| item.quantity).collect();
    let items: [Param<'_>; 7] = [&tenant, &id, &lines, &products, &names, &skus, &quantities];
    tx.execute(include_str!("../../queries/return/insert_items.sql"), &items).await?;
    Ok(())
}

/// A return as it stands; it stays so until this transaction ends, because all who would move it wait.
///
/// # Errors
/// As every statement.
pub async fn lock(tx: &TenantTx, id: ReturnId) -> Result<Option<ReturnRow>, DbError> {
    tx.execute(include_str!("../../queries/return/lock.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    Ok(rows(tx, one(tx.tenant, id)).await?.pop())
}

/// Moves a return that has this version, and answers its next; `None` if somebody was faster.
///
/// # Errors
/// As every statement.
pub async fn step(
    tx: &TenantTx,
    id: ReturnId,
    version: i64,
    to: ReturnState,
    deed: Uuid,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = include_str!("../../queries/return/step.sql");
    let (tenant, id) = (tx.tenant.uuid(), id.uuid());
    let params: [Param<'_>; 7] = [&tenant, &id, &version, &to.as_str(), &deed, &now, &to.is_final()];
    tx.query_opt(sql, &params).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Says of these items of a return how they stand.
///
/// # Errors
/// As every statement.
pub async fn set_items(tx: &TenantTx, id: ReturnId, news: &[ItemNews]) -> Result<(), DbError> {
    if news.is_empty() {
        return Ok(());
    }
    let positions: Vec<i32> = news.iter().map(|one| one.position).collect();
    let received: Vec<Option<Decimal>> = news.iter().map(|one| one.received).collect();
    let decisions: Vec<Option<&str>> = news.iter().map(|one| one.decision.map(ItemDecision::as_str)).collect();
    let intents: Vec<Option<Uuid>> = news.iter().map(|one| one.intent).collect();
    let params: [Param<'_>; 6] = [&tx.tenant.uuid(), &id.uuid(), &positions, &received, &decisions, &intents];
    tx.execute(include_str!("../../queries/return/set_items.sql"), &params).await?;
    Ok(())
}
