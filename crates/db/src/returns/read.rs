//! Returns as people see them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{
    IntentState, OrderId, ProductId, ReturnId, StoreId, TenantId, UserId,
    returns::{Item, ItemDecision, ReturnReason, ReturnState},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx,
    decode::known,
    scope::Tx,
    select::{Finished, Select, borrowed},
};

/// Which returns a list shows.
#[derive(Clone, Debug)]
pub struct ReturnFilter {
    pub store: Option<StoreId>,
    pub state: Option<ReturnState>,
    pub order: Option<OrderId>,
    /// The last return of the page before.
    pub before: Option<ReturnId>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for ReturnFilter {
    fn default() -> Self {
        Self { store: None, state: None, order: None, before: None, limit: 50 }
    }
}

/// One return.
#[derive(Clone, Debug)]
pub struct ReturnRow {
    pub tenant_id: TenantId,
    pub id: ReturnId,
    /// By which people call it: `RT-3`.
    pub number: i64,
    pub store_id: StoreId,
    pub store_name: String,
    pub order_id: OrderId,
    pub order_number: String,
    pub state: ReturnState,
    pub reason: ReturnReason,
    pub note: String,
    pub opened_by: UserId,
    pub opened_name: String,
    pub opened_at: Timestamp,
    pub buyer_name: String,
    /// May be empty.
    pub buyer_email: String,
    /// Moves with every step.
    pub version: i64,
    /// The deed of the last step.
    pub deed_id: Uuid,
    pub updated_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// In their order; none where only [`heads`] were asked for.
    pub items: Vec<ItemRow>,
}

/// What comes back of one line of the order.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// From 1.
    pub position: i32,
    /// The store's id of the order's line.
    pub line_remote_id: String,
    pub product_id: Option<ProductId>,
    pub name: String,
    pub sku: String,
    pub quantity: Decimal,
    /// How many came; `None` until they are counted.
    pub received: Option<Decimal>,
    pub decision: Option<ItemDecision>,
    /// The write that puts it back on the shelf.
    pub intent_id: Option<Uuid>,
    pub restock: Option<IntentState>,
    /// Why that failed, or waits.
    pub restock_reason: Option<String>,
}

impl ItemRow {
    /// What decides what may become of it.
    #[must_use]
    pub const fn item(&self) -> Item {
        Item { quantity: self.quantity, received: self.received, decision: self.decision, restock: self.restock }
    }
}

/// A page of returns, newest first.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn list(tx: &ReadTx, filter: &ReturnFilter) -> Result<Vec<ReturnRow>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        select.filter("return_case.store_id = $", store.uuid());
    }
    if let Some(state) = filter.state {
        select.filter("return_case.state = $", state.as_str());
    }
    if let Some(order) = filter.order {
        select.filter("return_case.order_id = $", order.uuid());
    }
    if let Some(before) = filter.before {
        select.filter("return_case.id < $", before.uuid());
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// These returns, newest first; ids out of the reader's sight are left out.
///
/// # Errors
/// As [`list`].
pub async fn by_ids(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<ReturnRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("return_case.id = ANY ($)", ids.to_vec());
    rows(tx, select.finish_all(ORDER)).await
}

/// The same without their items: one statement, for who has no second look.
///
/// # Errors
/// As [`list`].
pub async fn heads(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<ReturnRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("return_case.id = ANY ($)", ids.to_vec());
    let (sql, params) = select.finish_all(ORDER);
    known(&tx.query(&sql, &borrowed(&params)).await?, returned)
}

/// One return, if the reader may see it.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &ReadTx, id: ReturnId) -> Result<Option<ReturnRow>, DbError> {
    Ok(by_ids(tx, &[id.uuid()]).await?.pop())
}

/// One return of the transaction's tenant, for who is to move it.
pub(super) fn one(tenant: TenantId, id: ReturnId) -> Finished {
    let mut select = Select::new(LIST);
    select.filter("return_case.tenant_id = $", tenant.uuid()).filter("return_case.id = $", id.uuid());
    select.finish_all(ORDER)
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(LIST);
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("return_case.store_id = ANY ($)", stores);
    }
    select
}

const LIST: &str = include_str!("../../queries/return/list.sql");
const ORDER: &str = "ORDER BY return_case.id DESC";

pub(super) async fn rows(tx: &Tx, (sql, params): Finished) -> Result<Vec<ReturnRow>, DbError> {
    let mut returns = known(&tx.query(&sql, &borrowed(&params)).await?, returned)?;
    if returns.is_empty() {
        return Ok(returns);
    }
    let mut tenants: Vec<Uuid> = returns.iter().map(|row| row.tenant_id.uuid()).collect();
    tenants.sort_unstable();
    tenants.dedup();
    let ids: Vec<Uuid> = returns.iter().map(|row| row.id.uuid()).collect();
    for row in tx.query(include_str!("../../queries/return/items.sql"), &[&tenants, &ids]).await? {
        let of = ReturnId(row.try_get("return_id")?);
        let item = item(&row)?;
        if let Some(returned) = returns.iter_mut().find(|returned| returned.id == of) {
            returned.items.push(item);
        }
    }
    Ok(returns)
}

fn returned(row: &Row) -> Result<ReturnRow, DbError> {
    Ok(ReturnRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        id: ReturnId(row.try_get("id")?),
        number: row.try_get("number")?,
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        order_id: OrderId(row.try_get("order_id")?),
        order_number: row.try_get("order_number")?,
        state: word(row.try_get("state")?, "return_case", "state")?,
        reason: word(row.try_get("reason")?, "return_case", "reason")?,
        note: row.try_get("note")?,
        opened_by: UserId(row.try_get("opened_by")?),
        opened_name: row.try_get("opened_name")?,
        opened_at: row.try_get("opened_at")?,
        buyer_name: row.try_get("buyer_name")?,
        buyer_email: row.try_get("buyer_email")?,
        version: row.try_get("version")?,
        deed_id: row.try_get("deed_id")?,
        updated_at: row.try_get("updated_at")?,
        ended_at: row.try_get("ended_at")?,
        items: Vec::new(),
    })
}

fn item(row: &Row) -> Result<ItemRow, DbError> {
    let decision: Option<&str> = row.try_get("decision")?;
    let restock: Option<&str> = row.try_get("restock")?;
    Ok(ItemRow {
        position: row.try_get("position")?,
        line_remote_id: row.try_get("line_remote_id")?,
        product_id: row.try_get::<_, Option<Uuid>>("product_id")?.map(ProductId),
        name: row.try_get("name")?,
        sku: row.try_get("sku")?,
        quantity: row.try_get("quantity")?,
        received: row.try_get("received")?,
        decision: decision.map(|text| word(text, "return_item", "decision")).transpose()?,
        intent_id: row.try_get("intent_id")?,
        restock: restock.map(|text| word(text, "intent", "state")).transpose()?,
        restock_reason: row.try_get("restock_reason")?,
    })
}

pub(super) fn word<T: std::str::FromStr>(text: &str, table: &'static str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column })
}
