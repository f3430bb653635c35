//! Customers as lists and as a page of their own.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{Address, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    ChangeRow, DbError, OrderFilter, OrderSummary, ReadTx,
    audit::{self, AuditRow},
    changes,
    columns::Columns,
    orders::{self, Buyer},
    scope::Param,
    select::{Select, borrowed},
};

/// The orders and deeds that a customer's page lists.
const RECENT_ORDERS: u32 = 50;
const DEEDS: u32 = 200;

const TAGGED: &str = "EXISTS (SELECT 1 FROM customer_tag WHERE customer_tag.tenant_id = customer.tenant_id \
     AND customer_tag.customer_id = customer.id AND customer_tag.tag = $)";

/// Which customers a list shows: those that the store still has.
#[derive(Clone, Debug)]
pub struct CustomerFilter {
    pub store: Option<StoreId>,
    /// Part of name or e-mail; case does not matter.
    pub search: Option<String>,
    /// With this tag only, as it is kept.
    pub tag: Option<String>,
    /// The last customer of the page before: its name and id.
    pub after: Option<(String, Uuid)>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for CustomerFilter {
    fn default() -> Self {
        Self { store: None, search: None, tag: None, after: None, limit: 50 }
    }
}

/// One customer in a list.
#[derive(Clone, Debug)]
pub struct CustomerSummary {
    pub tenant_id: TenantId,
    pub id: Uuid,
    pub store_id: StoreId,
    pub store_name: String,
    pub remote_id: String,
    /// First and last name; empty if the store knows neither.
    pub name: String,
    pub email: String,
    pub username: String,
    /// The store's own role of the account, such as `customer`.
    pub role: String,
    pub billing: Address,
    /// What people here call such a customer; the store knows nothing of it.
    pub tags: Vec<String>,
    pub created_at: Option<Timestamp>,
    pub modified_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub saved_at: Timestamp,
}

impl CustomerSummary {
    /// Whose orders are this customer's.
    #[must_use]
    pub fn buyer(&self) -> Buyer {
        let (remote_id, emails) = (self.remote_id.clone(), vec![self.email.clone(), self.billing.email.clone()]);
        Buyer { tenant: self.tenant_id, store: self.store_id, remote_id, emails }
    }
}

/// One customer with all that belongs to it.
#[derive(Clone, Debug)]
pub struct CustomerDetail {
    pub summary: CustomerSummary,
    pub shipping: Address,
    /// Newest first, the last 50, see [`Buyer`].
    pub orders: Vec<OrderSummary>,
    /// Newest first, the last 200.
    pub timeline: Vec<ChangeRow>,
    /// What people did to it here, newest first, the last 200.
    pub deeds: Vec<AuditRow>,
    /// The customer as the store sent it.
    pub raw: String,
}

/// A page of customers by name.
///
/// # Errors
/// As every statement; `Inconsistent` if a stored address does not decode.
pub async fn list(tx: &ReadTx, filter: &CustomerFilter) -> Result<Vec<CustomerSummary>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        // Its tenant leads the way into the index for who reads across tenants.
        select.filter("customer.tenant_id = (SELECT store.tenant_id FROM store WHERE store.id = $)", store.uuid());
        select.filter("customer.store_id = $", store.uuid());
    }
    select.filter("customer.deleted_at IS NULL AND $", true);
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        select.filter("strpos(lower(customer.name || ' ' || customer.email), $) > 0", search.to_lowercase());
    }
    if let Some(tag) = &filter.tag {
        select.filter(TAGGED, tag.clone());
    }
    if let Some((name, id)) = &filter.after {
        select.after("(customer.name, customer.id) > ($, $)", name.clone(), *id);
    }
    let (sql, params) = select.finish("ORDER BY customer.name, customer.id", filter.limit);
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}

/// The summaries of these customers, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As [`list`].
pub async fn summaries(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<CustomerSummary>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("customer.id = ANY ($)", ids.to_vec());
    let (sql, params) = select.finish_all("ORDER BY customer.id");
    tx.query(&sql, &borrowed(&params)).await?.iter().map(summary).collect()
}

/// One customer, if the reader may see it.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &ReadTx, id: Uuid) -> Result<Option<CustomerDetail>, DbError> {
    let Some(summary) = summaries(tx, &[id]).await?.pop() else {
        return Ok(None);
    };
    let key: [Param<'_>; 2] = [&summary.tenant_id.uuid(), &id];
    let bought = OrderFilter { buyer: Some(summary.buyer()), limit: RECENT_ORDERS, ..OrderFilter::default() };
    let (row, orders, timeline, deeds) = tokio::join!(
        biased;
        tx.query_one(include_str!("../../queries/customer/detail.sql"), &key),
        orders::list(tx, &bought),
        changes::of_entity(tx, summary.tenant_id, id),
        audit::of_entity(tx, summary.tenant_id, id, DEEDS),
    );
    let row = row?;
    Ok(Some(CustomerDetail {
        shipping: address(row.try_get("shipping")?, "shipping")?,
        orders: orders?,
        timeline: timeline?,
        deeds: deeds?,
        raw: row.try_get("raw")?,
        summary,
    }))
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(include_str!("../../queries/customer/list.sql"));
    if let Some(stores) = &tx.stores {
        select.filter("customer.store_id = ANY ($)", stores.iter().map(|id| id.uuid()).collect::<Vec<_>>());
    }
    select
}

fn summary(row: &Row) -> Result<CustomerSummary, DbError> {
    let columns = Columns::of(row);
    Ok(CustomerSummary {
        tenant_id: TenantId(columns.get("tenant_id")?),
        id: columns.get("id")?,
        store_id: StoreId(columns.get("store_id")?),
        store_name: columns.get("store_name")?,
        remote_id: columns.get("remote_id")?,
        name: columns.get("name")?,
        email: columns.get("email")?,
        username: columns.get("username")?,
        role: columns.get("role")?,
        billing: address(columns.get("billing")?, "billing")?,
        tags: columns.get("tags")?,
        created_at: columns.get("created_at")?,
        modified_at: columns.get("remote_modified_at")?,
        deleted_at: columns.get("deleted_at")?,
        saved_at: columns.get("saved_at")?,
    })
}

fn address(value: Value, column: &'static str) -> Result<Address, DbError> {
    serde_json::from_value(value).map_err(|_| DbError::Inconsistent { table: "customer", column })
}
