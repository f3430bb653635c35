//! Files of counts as people see them, with what each line came to.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{
    IntentState, ProductId, StoreId, TenantId, UserId,
    stock::{ImportFinding, ImportState},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx, TenantTx,
    decode::known,
    scope::{Param, Tx},
    select::{Finished, Select, borrowed},
};

/// A file as people see it.
#[derive(Clone, Debug)]
pub struct ImportRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    pub id: Uuid,
    pub name: String,
    pub state: ImportState,
    /// `utf-8` or `latin-1`.
    pub encoding: String,
    /// The names of columns that say nothing about counts.
    pub ignored: Vec<String>,
    pub made_by: UserId,
    pub made_name: String,
    pub created_at: Timestamp,
    /// Until then it may be written.
    pub expires_at: Timestamp,
    /// Who had it written, though others may have gone on with it.
    pub written_by: Option<UserId>,
    pub written_name: Option<String>,
    /// When the last of its lines was on its way.
    pub written_at: Option<Timestamp>,
    pub version: i64,
    pub num_lines: i64,
    /// Lines that change something.
    pub num_changes: i64,
    /// Those of them of which nothing has become yet.
    pub num_left: i64,
}

/// One line of a file as people see it.
#[derive(Clone, Debug)]
pub struct ImportLine {
    pub line: i32,
    pub sku: String,
    pub given: String,
    pub wanted: Option<Decimal>,
    pub product_id: Option<ProductId>,
    pub product_name: Option<String>,
    /// What we held when it was looked at.
    pub present: Option<Decimal>,
    pub finding: ImportFinding,
    pub intent_id: Option<Uuid>,
    pub intent_state: Option<IntentState>,
    /// Why it was not written, as a code.
    pub reason: Option<String>,
}

/// Which files a list shows.
#[derive(Clone, Debug)]
pub struct ImportFilter {
    pub store: Option<StoreId>,
    /// The last file of the page before.
    pub before: Option<Uuid>,
    /// The longest list wanted.
    pub limit: u32,
}

/// Which lines of a file are shown, in their order.
#[derive(Clone, Copy, Debug)]
pub struct LineFilter {
    pub finding: Option<ImportFinding>,
    /// The last line of the page before.
    pub after: Option<i32>,
    /// The longest list wanted.
    pub limit: u32,
}

/// How many lines of a file came to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub finding: ImportFinding,
    /// Of the write that they became; `None` if they became none.
    pub state: Option<IntentState>,
    /// They were to be written and were refused.
    pub is_refused: bool,
    pub count: i64,
}

/// A file as it stands; it stays so until this transaction ends, because all who would change it wait.
///
/// # Errors
/// As every statement.
pub async fn lock_import(tx: &TenantTx, id: Uuid) -> Result<Option<ImportRow>, DbError> {
    tx.execute(include_str!("../../../queries/stock_import/lock.sql"), &[&tx.tenant.uuid(), &id]).await?;
    let mut select = Select::new(LIST);
    select.filter("stock_import.tenant_id = $", tx.tenant.uuid()).filter("stock_import.id = $", id);
    Ok(rows(tx, select.finish_all(ORDER)).await?.pop())
}

/// One file, if the reader may see it.
///
/// # Errors
/// As every statement.
pub async fn find_import(tx: &ReadTx, id: Uuid) -> Result<Option<ImportRow>, DbError> {
    let mut select = within_sight(tx);
    select.filter("stock_import.id = $", id);
    Ok(rows(tx, select.finish_all(ORDER)).await?.pop())
}

/// A page of files, newest first.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn imports(tx: &ReadTx, filter: &ImportFilter) -> Result<Vec<ImportRow>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        select.filter("stock_import.store_id = $", store.uuid());
    }
    if let Some(before) = filter.before {
        select.filter("stock_import.id < $", before);
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// A page of the lines of a file of this tenant, in their order.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn lines_of(
    tx: &ReadTx,
    tenant: TenantId,
    id: Uuid,
    filter: &LineFilter,
) -> Result<Vec<ImportLine>, DbError> {
    let sql = include_str!("../../../queries/stock_import/lines.sql");
    let finding = filter.finding.map(ImportFinding::as_str);
    let params = [&tenant.uuid() as Param<'_>, &id, &finding, &filter.after, &i64::from(filter.limit)];
    known(&tx.query(sql, &params).await?, line)
}

/// What the lines of a file of this tenant came to, and how many to each.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn totals(tx: &ReadTx, tenant: TenantId, id: Uuid) -> Result<Vec<Total>, DbError> {
    let sql = include_str!("../../../queries/stock_import/totals.sql");
    known(&tx.query(sql, &[&tenant.uuid(), &id]).await?, |row| {
        let state: Option<&str> = row.try_get("state")?;
        Ok(Total {
            finding: word(row.try_get("finding")?, "finding")?,
            state: state.map(|state| word(state, "intent_id")).transpose()?,
            is_refused: row.try_get("is_refused")?,
            count: row.try_get("count")?,
        })
    })
}

const LIST: &str = include_str!("../../../queries/stock_import/list.sql");
const ORDER: &str = "ORDER BY stock_import.id DESC";

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(LIST);
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("stock_import.store_id = ANY ($)", stores);
    }
    select
}

async fn rows(tx: &Tx, (sql, params): Finished) -> Result<Vec<ImportRow>, DbError> {
    known(&tx.query(&sql, &borrowed(&params)).await?, |row| {
        Ok(ImportRow {
            tenant_id: TenantId(row.try_get("tenant_id")?),
            store_id: StoreId(row.try_get("store_id")?),
            store_name: row.try_get("store_name")?,
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            state: word(row.try_get("state")?, "state")?,
            encoding: row.try_get("encoding")?,
            ignored: row.try_get("ignored")?,
            made_by: UserId(row.try_get("made_by")?),
            made_name: row.try_get("made_name")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            written_by: row.try_get::<_, Option<Uuid>>("written_by")?.map(UserId),
            written_name: row.try_get("written_name")?,
            written_at: row.try_get("written_at")?,
            version: row.try_get("version")?,
            num_lines: row.try_get("num_lines")?,
            num_changes: row.try_get("num_changes")?,
            num_left: row.try_get("num_left")?,
        })
    })
}

fn line(row: &Row) -> Result<ImportLine, DbError> {
    let state: Option<&str> = row.try_get("intent_state")?;
    Ok(ImportLine {
        line: row.try_get("line")?,
        sku: row.try_get("sku")?,
        given: row.try_get("given")?,
        wanted: row.try_get("wanted")?,
        product_id: row.try_get::<_, Option<Uuid>>("product_id")?.map(ProductId),
        product_name: row.try_get("product_name")?,
        present: row.try_get("present")?,
        finding: word(row.try_get("finding")?, "finding")?,
        intent_id: row.try_get("intent_id")?,
        intent_state: state.map(|state| word(state, "intent_id")).transpose()?,
        reason: row.try_get("reason")?,
    })
}

fn word<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table: "stock_import", column })
}
