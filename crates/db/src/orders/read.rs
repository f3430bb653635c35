//! Orders as lists and as a page of their own.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use storewire_domain::{Address, LineKind, OrderId, OrderLine, Refund, RemoteId, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::Buyer;
use crate::{
    ChangeRow, DbError, ReadTx,
    audit::{self, AuditRow},
    changes,
    columns::Columns,
    scope::Param,
    select::{Select, borrowed},
};

/// The deeds that an order's page tells.
const DEEDS: u32 = 200;

/// Which orders a list shows. Trashed and deleted ones are shown only when asked for by `status` `trash`.
#[derive(Clone, Debug)]
pub struct OrderFilter {
    pub store: Option<StoreId>,
    /// A status without prefix, or `trash`.
    pub status: Option<String>,
    /// Part of number, name or e-mail; case does not matter.
    pub search: Option<String>,
    /// Of this customer, see [`Buyer`].
    pub buyer: Option<Buyer>,
    /// The last order of the page before: its `created_at` and id.
    pub after: Option<(Timestamp, OrderId)>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self { store: None, status: None, search: None, buyer: None, after: None, limit: 50 }
    }
}

/// One order in a list.
#[derive(Clone, Debug)]
pub struct OrderSummary {
    pub tenant_id: TenantId,
    pub id: OrderId,
    pub store_id: StoreId,
    pub store_name: String,
    pub remote_id: String,
    pub number: String,
    pub status: String,
    pub currency: String,
    pub total: Decimal,
    pub customer_name: String,
    pub customer_email: String,
    pub item_count: i64,
    pub created_at: Timestamp,
    pub modified_at: Option<Timestamp>,
    pub trashed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub saved_at: Timestamp,
}

/// One order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct OrderDetail {
    pub summary: OrderSummary,
    pub total_tax: Decimal,
    pub shipping_total: Decimal,
    pub discount_total: Decimal,
    /// What was given back in all, positive.
    pub refunded_total: Decimal,
    pub billing: Address,
    pub shipping: Address,
    pub payment_method_title: String,
    pub transaction_id: String,
    pub customer_note: String,
    pub paid_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub lines: Vec<OrderLine>,
    pub refunds: Vec<Refund>,
    /// Newest first, the last 200.
    pub timeline: Vec<ChangeRow>,
    /// What people did to it here, newest first, the last 200: staff's own work only if staff ask.
    pub deeds: Vec<AuditRow>,
    /// The order as the store sent it.
    pub raw: String,
}

/// A page of orders, newest first.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, filter: &OrderFilter) -> Result<Vec<OrderSummary>, DbError> {
    let mut select = Select::new(include_str!("../../queries/order/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("orders.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    if let Some(store) = filter.store {
        select.of_store("orders", store);
    }
    match filter.status.as_deref() {
        Some("trash") => select.filter("orders.trashed_at IS NOT NULL AND $", true),
        Some(status) => select.filter("orders.status = $ AND orders.deleted_at IS NULL", status.to_owned()),
        None => select.filter("orders.trashed_at IS NULL AND orders.deleted_at IS NULL AND $", true),
    };
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        select.filter("strpos(orders.search_text, $) > 0", search.to_lowercase());
    }
    if let Some(buyer) = &filter.buyer {
        buyer.narrow(&mut select);
    }
    if let Some((created_at, id)) = filter.after {
        select.after("(orders.created_at, orders.id) < ($, $)", created_at, id.uuid());
    }
    select
        .list(tx, "ORDER BY orders.created_at DESC, orders.id DESC", filter.limit)
        .await?
        .iter()
        .map(summary)
        .collect()
}

/// The summaries of these orders, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As every statement.
pub async fn summaries(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<OrderSummary>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Select::new(include_str!("../../queries/order/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("orders.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select.filter("orders.id = ANY ($)", ids.to_vec());
    let (sql, params) = select.finish_all("ORDER BY orders.id");
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}

/// One order, if the reader may see it.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored value does not decode.
pub async fn find(tx: &ReadTx, id: OrderId) -> Result<Option<OrderDetail>, DbError> {
    let Some(summary) = summaries(tx, &[id.uuid()]).await?.pop() else {
        return Ok(None);
    };
    let key: [Param<'_>; 2] = [&summary.tenant_id.uuid(), &id.uuid()];
    let (row, lines, refunds, timeline, deeds) = tokio::join!(
        biased;
        tx.query_one(include_str!("../../queries/order/detail.sql"), &key),
        tx.query(include_str!("../../queries/order/lines.sql"), &key),
        tx.query(include_str!("../../queries/order/refunds.sql"), &key),
        changes::of_entity(tx, summary.tenant_id, id.uuid()),
        audit::of_entity(tx, summary.tenant_id, id.uuid(), DEEDS),
    );
    let (row, lines) = (row?, lines?);
    let refunds: Vec<Refund> = refunds?.iter().map(refund).collect::<Result<_, _>>()?;
    Ok(Some(OrderDetail {
        total_tax: row.try_get("total_tax")?,
        shipping_total: row.try_get("shipping_total")?,
        discount_total: row.try_get("discount_total")?,
        // Amounts come from outside: a sum beyond what a decimal holds stops there instead of ending the program.
        refunded_total: refunds.iter().fold(Decimal::ZERO, |sum, refund| sum.saturating_add(refund.amount)),
        billing: address(&row, "billing")?,
        shipping: address(&row, "shipping")?,
        payment_method_title: row.try_get("payment_method_title")?,
        transaction_id: row.try_get("transaction_id")?,
        customer_note: row.try_get("customer_note")?,
        paid_at: row.try_get("paid_at")?,
        completed_at: row.try_get("completed_at")?,
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
        refunds,
        timeline: timeline?,
        deeds: deeds?,
        raw: row.try_get("raw")?,
        summary,
    }))
}

fn summary(row: &Row) -> Result<OrderSummary, DbError> {
    let columns = Columns::of(row);
    Ok(OrderSummary {
        tenant_id: TenantId(columns.get("tenant_id")?),
        id: OrderId(columns.get("id")?),
        store_id: StoreId(columns.get("store_id")?),
        store_name: columns.get("store_name")?,
        remote_id: columns.get("remote_id")?,
        number: columns.get("number")?,
        status: columns.get("status")?,
        currency: columns.get("currency")?,
        total: columns.get("total")?,
        customer_name: columns.get("customer_name")?,
        customer_email: columns.get("customer_email")?,
        item_count: columns.get("item_count")?,
        created_at: columns.get("created_at")?,
        modified_at: columns.get("remote_modified_at")?,
        trashed_at: columns.get("trashed_at")?,
        deleted_at: columns.get("deleted_at")?,
        saved_at: columns.get("saved_at")?,
    })
}

fn address(row: &Row, column: &'static str) -> Result<Address, DbError> {
    serde_json::from_value(row.try_get(column)?).map_err(|_| DbError::Inconsistent { table: "orders", column })
}

fn line(row: &Row) -> Result<OrderLine, DbError> {
    let kind: String = row.try_get("kind")?;
    let detail: Value = row.try_get("detail")?;
    Ok(OrderLine {
        kind: kind.parse().map_err(|_| DbError::Inconsistent { table: "order_line", column: "kind" })?,
        remote_id: RemoteId(row.try_get("remote_id")?),
        name: row.try_get("name")?,
        sku: row.try_get("sku")?,
        product_remote_id: row.try_get::<_, Option<String>>("product_remote_id")?.map(RemoteId),
        variation_remote_id: row.try_get::<_, Option<String>>("variation_remote_id")?.map(RemoteId),
        quantity: row.try_get("quantity")?,
        subtotal: row.try_get("subtotal")?,
        subtotal_tax: row.try_get("subtotal_tax")?,
        total: row.try_get("total")?,
        total_tax: row.try_get("total_tax")?,
        detail: serde_json::from_value(detail)
            .map_err(|_| DbError::Inconsistent { table: "order_line", column: "detail" })?,
    })
}

fn refund(row: &Row) -> Result<Refund, DbError> {
    let lines: Vec<StoredLine> = serde_json::from_value(row.try_get("lines")?)
        .map_err(|_| DbError::Inconsistent { table: "order_refund", column: "lines" })?;
    Ok(Refund {
        remote_id: RemoteId(row.try_get("remote_id")?),
        amount: row.try_get("amount")?,
        reason: row.try_get("reason")?,
        created_at: row.try_get("created_at")?,
        lines: lines.into_iter().map(OrderLine::from).collect(),
    })
}

/// A refund's line as `write.rs` stores it.
#[derive(Deserialize)]
struct StoredLine {
    kind: LineKind,
    remote_id: RemoteId,
    name: String,
    sku: String,
    product: Option<RemoteId>,
    variation: Option<RemoteId>,
    quantity: Option<Decimal>,
    subtotal: Decimal,
    subtotal_tax: Decimal,
    total: Decimal,
    total_tax: Decimal,
    detail: BTreeMap<String, String>,
}

impl From<StoredLine> for OrderLine {
    fn from(stored: StoredLine) -> Self {
        Self {
            kind: stored.kind,
            remote_id: stored.remote_id,
            name: stored.name,
            sku: stored.sku,
            product_remote_id: stored.product,
            variation_remote_id: stored.variation,
            quantity: stored.quantity,
            subtotal: stored.subtotal,
            subtotal_tax: stored.subtotal_tax,
            total: stored.total,
            total_tax: stored.total_tax,
            detail: stored.detail,
        }
    }
}
