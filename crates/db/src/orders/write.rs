//! Storing orders with their lines and refunds, many in one go.

use std::collections::HashMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use storewire_domain::{LineKind, Order, OrderId, OrderLine, Refund, RemoteId, StoreId};
use tokio_postgres::types::Json;

use crate::{DbError, Sent, TenantTx};

/// What we hold of an order, as far as it decides whether something newer arrived.
#[derive(Clone, Debug)]
pub struct OrderVersion {
    pub id: OrderId,
    pub modified_at: Option<Timestamp>,
    pub content_hash: Vec<u8>,
    /// Of the lines that we hold; `None` for an order stored before it was kept.
    pub lines_hash: Option<Vec<u8>>,
    /// When our row was last written.
    pub saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub read_at: Option<Timestamp>,
    pub status: String,
    pub total: Decimal,
    pub trashed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// The refunds we hold; `true` for those that were read whole, which an order's own summary of them never is.
    pub refunds: HashMap<String, bool>,
}

/// An order to store.
#[derive(Debug)]
pub struct OrderWrite<'a> {
    pub id: OrderId,
    pub order: &'a Order,
    pub sent: Sent<'a>,
    pub lines_hash: [u8; 32],
    pub trashed_at: Option<Timestamp>,
    /// What is to become of the lines that we hold.
    pub lines: Lines,
    /// We hold refunds of it, some of which it may no longer have.
    pub has_refunds: bool,
}

/// What becomes of an order's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// We hold none yet.
    New,
    /// Those that we hold are the order's own.
    Same,
    Replaced,
}

/// What we hold of the orders with these ids.
///
/// # Errors
/// As every statement.
pub async fn versions(
    tx: &TenantTx,
    store: StoreId,
    remote_ids: &[&RemoteId],
) -> Result<HashMap<RemoteId, OrderVersion>, DbError> {
    if remote_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = remote_ids.iter().map(|id| id.as_str()).collect();
    let rows =
        tx.query(include_str!("../../queries/order/versions.sql"), &[&tx.tenant.uuid(), &store.uuid(), &ids]).await?;
    rows.iter()
        .map(|row| {
            let refunds: Vec<String> = row.try_get("refunds")?;
            let version = OrderVersion {
                id: OrderId(row.try_get("id")?),
                modified_at: row.try_get("remote_modified_at")?,
                content_hash: row.try_get("content_hash")?,
                lines_hash: row.try_get("lines_hash")?,
                saved_at: row.try_get("saved_at")?,
                read_at: row.try_get("read_at")?,
                status: row.try_get("status")?,
                total: row.try_get("total")?,
                trashed_at: row.try_get("trashed_at")?,
                deleted_at: row.try_get("deleted_at")?,
                refunds: refunds
                    .iter()
                    .filter_map(|entry| entry.rsplit_once('='))
                    .map(|(id, has_lines)| (id.to_owned(), has_lines == "true"))
                    .collect(),
            };
            Ok((RemoteId(row.try_get("remote_id")?), version))
        })
        .collect()
}

/// Inserts or replaces orders; their lines are replaced, refunds merged (a summary never removes lines that were read).
///
/// # Errors
/// As every statement.
pub async fn upsert(tx: &TenantTx, store: StoreId, writes: &[OrderWrite<'_>], now: Timestamp) -> Result<(), DbError> {
    if writes.is_empty() {
        return Ok(());
    }
    let with_lines: Vec<_> = writes.iter().filter(|write| write.lines != Lines::Same).collect();
    let with_refunds: Vec<_> = writes.iter().filter(|write| write.has_refunds).collect();
    let refunds: Vec<(OrderId, &Refund)> =
        writes.iter().flat_map(|write| write.order.refunds.iter().map(|refund| (write.id, refund))).collect();
    // Sent in this order: lines and refunds belong to a row that is there.
    tokio::try_join!(
        biased;
        upsert_rows(tx, store, writes, now),
        clear_lines(tx, writes),
        insert_lines(tx, &with_lines),
        keep_refunds(tx, &with_refunds),
        upsert_refunds(tx, &refunds),
    )?;
    Ok(())
}

/// Moves the modification time of orders whose content did not change.
///
/// # Errors
/// As every statement.
pub async fn touch(tx: &TenantTx, moved: &[(OrderId, Timestamp)], now: Timestamp) -> Result<(), DbError> {
    if moved.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = moved.iter().map(|(id, _)| id.uuid()).collect();
    let times: Vec<_> = moved.iter().map(|(_, time)| *time).collect();
    tx.execute(include_str!("../../queries/order/touch.sql"), &[&tx.tenant.uuid(), &ids, &times, &now]).await?;
    Ok(())
}

/// Marks orders as gone in the store.
///
/// # Errors
/// As every statement.
pub async fn delete(tx: &TenantTx, ids: &[OrderId], now: Timestamp) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    tx.execute(include_str!("../../queries/order/delete.sql"), &[&tx.tenant.uuid(), &ids, &now]).await?;
    Ok(())
}

async fn upsert_rows(tx: &TenantTx, store: StoreId, writes: &[OrderWrite<'_>], now: Timestamp) -> Result<(), DbError> {
    macro_rules! column {
        (|$write:ident, $order:ident| $value:expr) => {
            writes
                .iter()
                .map(|$write| {
                    let $order = $write.order;
                    let _ = $order;
                    $value
                })
                .collect::<Vec<_>>()
        };
    }
    let names: Vec<String> = writes.iter().map(|write| customer_name(write.order)).collect();
    tx.execute(
        include_str!("../../queries/order/upsert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &now,
            &column!(|write, _order| write.id.uuid()),
            &column!(|_write, order| order.remote_id.as_str()),
            &column!(|_write, order| order.parent_remote_id.as_ref().map(RemoteId::as_str)),
            &column!(|_write, order| order.number.as_str()),
            &column!(|_write, order| order.status.as_str()),
            &column!(|_write, order| order.currency.as_str()),
            &column!(|_write, order| order.total),
            &column!(|_write, order| order.total_tax),
            &column!(|_write, order| order.shipping_total),
            &column!(|_write, order| order.discount_total),
            &column!(|_write, order| order.customer_remote_id.as_ref().map(RemoteId::as_str)),
            &names,
            &column!(|_write, order| order.billing.email.as_str()),
            &column!(|_write, order| Json(&order.billing)),
            &column!(|_write, order| Json(&order.shipping)),
            &column!(|_write, order| order.payment_method.as_str()),
            &column!(|_write, order| order.payment_method_title.as_str()),
            &column!(|_write, order| order.transaction_id.as_str()),
            &column!(|_write, order| order.customer_note.as_str()),
            &column!(|_write, order| order.created_via.as_str()),
            &column!(|_write, order| item_count(order)),
            &column!(|_write, order| order.created_at.unwrap_or(now)),
            &column!(|_write, order| order.modified_at),
            &column!(|_write, order| order.paid_at),
            &column!(|_write, order| order.completed_at),
            &column!(|write, _order| write.trashed_at),
            &column!(|write, _order| write.sent.content_hash.as_slice()),
            &column!(|write, _order| write.lines_hash.as_slice()),
            &writes.iter().zip(&names).map(|(write, name)| search_text(write.order, name)).collect::<Vec<_>>(),
            &column!(|write, _order| write.sent.raw),
            &column!(|write, _order| write.sent.read_at),
        ],
    )
    .await?;
    Ok(())
}

async fn clear_lines(tx: &TenantTx, writes: &[OrderWrite<'_>]) -> Result<(), DbError> {
    let replaced = writes.iter().filter(|write| write.lines == Lines::Replaced);
    let ids: Vec<_> = replaced.map(|write| write.id.uuid()).collect();
    if !ids.is_empty() {
        tx.execute(include_str!("../../queries/order/delete_lines.sql"), &[&tx.tenant.uuid(), &ids]).await?;
    }
    Ok(())
}

async fn insert_lines(tx: &TenantTx, writes: &[&OrderWrite<'_>]) -> Result<(), DbError> {
    let lines: Vec<(OrderId, i32, &OrderLine)> = writes
        .iter()
        .flat_map(|write| (0..).zip(&write.order.lines).map(|(position, line)| (write.id, position, line)))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    macro_rules! column {
        (|$line:ident| $value:expr) => {
            lines.iter().map(|(_, _, $line)| $value).collect::<Vec<_>>()
        };
    }
    tx.execute(
        include_str!("../../queries/order/insert_lines.sql"),
        &[
            &tx.tenant.uuid(),
            &lines.iter().map(|(id, _, _)| id.uuid()).collect::<Vec<_>>(),
            &lines.iter().map(|(_, position, _)| *position).collect::<Vec<_>>(),
            &column!(|line| line.kind.as_str()),
            &column!(|line| line.remote_id.as_str()),
            &column!(|line| line.name.as_str()),
            &column!(|line| line.sku.as_str()),
            &column!(|line| line.product_remote_id.as_ref().map(RemoteId::as_str)),
            &column!(|line| line.variation_remote_id.as_ref().map(RemoteId::as_str)),
            &column!(|line| line.quantity),
            &column!(|line| line.subtotal),
            &column!(|line| line.subtotal_tax),
            &column!(|line| line.total),
            &column!(|line| line.total_tax),
            &column!(|line| Json(&line.detail)),
        ],
    )
    .await?;
    Ok(())
}

/// Removes the refunds that these orders no longer name.
async fn keep_refunds(tx: &TenantTx, writes: &[&OrderWrite<'_>]) -> Result<(), DbError> {
    if writes.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = writes.iter().map(|write| write.id.uuid()).collect();
    let named = |write: &&OrderWrite<'_>| {
        let id = write.id;
        write.order.refunds.iter().map(move |refund| format!("{id} {}", refund.remote_id)).collect::<Vec<_>>()
    };
    let kept: Vec<String> = writes.iter().flat_map(named).collect();
    tx.execute(include_str!("../../queries/order/keep_refunds.sql"), &[&tx.tenant.uuid(), &ids, &kept]).await?;
    Ok(())
}

/// Completes refunds that an order named with what the store tells of them. `None` if the order is not held.
///
/// # Errors
/// As every statement.
pub async fn fill_refunds(
    tx: &TenantTx,
    store: StoreId,
    order: &RemoteId,
    refunds: &[Refund],
) -> Result<Option<OrderId>, DbError> {
    let held = versions(tx, store, &[order]).await?.remove(order);
    let Some(held) = held else { return Ok(None) };
    // Only what the order itself names: the list may be newer than the order.
    let named = refunds.iter().filter(|refund| held.refunds.contains_key(refund.remote_id.as_str()));
    let rows: Vec<(OrderId, &Refund)> = named.map(|refund| (held.id, refund)).collect();
    upsert_refunds(tx, &rows).await?;
    Ok(Some(held.id))
}

async fn upsert_refunds(tx: &TenantTx, refunds: &[(OrderId, &Refund)]) -> Result<(), DbError> {
    if refunds.is_empty() {
        return Ok(());
    }
    tx.execute(
        include_str!("../../queries/order/upsert_refunds.sql"),
        &[
            &tx.tenant.uuid(),
            &refunds.iter().map(|(id, _)| id.uuid()).collect::<Vec<_>>(),
            &refunds.iter().map(|(_, refund)| refund.remote_id.as_str()).collect::<Vec<_>>(),
            &refunds.iter().map(|(_, refund)| refund.amount).collect::<Vec<_>>(),
            &refunds.iter().map(|(_, refund)| refund.reason.as_str()).collect::<Vec<_>>(),
            &refunds.iter().map(|(_, refund)| refund.created_at).collect::<Vec<_>>(),
            &refunds.iter().map(|(_, refund)| lines_to_json(&refund.lines)).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

fn customer_name(order: &Order) -> String {
    let name = order.billing.full_name();
    if !name.is_empty() {
        return name;
    }
    let shipped_to = order.shipping.full_name();
    if shipped_to.is_empty() { order.billing.company.clone() } else { shipped_to }
}

fn item_count(order: &Order) -> i64 {
    i64::try_from(order.lines.iter().filter(|line| line.kind == LineKind::Item).count()).unwrap_or(i64::MAX)
}

fn search_text(order: &Order, customer_name: &str) -> String {
    format!("#{} {customer_name} {}", order.number, order.billing.email).to_lowercase()
}

fn lines_to_json(lines: &[OrderLine]) -> Value {
    let rows = lines.iter().map(|line| {
        serde_json::json!({
            "kind": line.kind,
            "remote_id": line.remote_id,
            "name": line.name,
            "sku": line.sku,
            "product": line.product_remote_id,
            "variation": line.variation_remote_id,
            "quantity": line.quantity,
            "subtotal": line.subtotal,
            "subtotal_tax": line.subtotal_tax,
            "total": line.total,
            "total_tax": line.total_tax,
            "detail": line.detail,
        })
    });
    Value::Array(rows.collect())
}
