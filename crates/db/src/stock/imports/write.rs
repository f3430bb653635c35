//! What is written of files of counts.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{
    ProductId, StoreId, UserId,
    stock::{
        ImportState,
        file::{Finding, Held, Line},
    },
};
use uuid::Uuid;

use crate::{DbError, TenantTx, decode::known, scope::Param};

/// A file to keep.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    pub id: Uuid,
    pub store: StoreId,
    pub name: &'a str,
    /// `utf-8` or `latin-1`.
    pub encoding: &'static str,
    /// The names of columns that say nothing about counts.
    pub ignored: &'a [String],
    pub by: UserId,
    pub by_name: &'a str,
    pub expires_at: Timestamp,
}

/// A line that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    pub line: i32,
    pub product: ProductId,
    pub wanted: Decimal,
    pub present: Option<Decimal>,
}

/// What became of a line: the write that it is, or a code that says why it is none.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub line: i32,
    pub outcome: Result<Uuid, &'static str>,
}

/// What a store holds under these SKUs, given without blanks around them: every product and variation, neither trashed nor gone.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn held(tx: &TenantTx, store: StoreId, skus: &[&str]) -> Result<Vec<Held>, DbError> {
    let sql = include_str!("../../../queries/stock_import/held.sql");
    known(&tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &skus]).await?, |row| {
        let inconsistent = |_| DbError::Inconsistent { table: "product", column: "manage_stock" };
        Ok(Held {
            product: ProductId(row.try_get("id")?),
            sku: row.try_get("sku")?,
            manage_stock: row.try_get::<_, &str>("manage_stock")?.parse().map_err(inconsistent)?,
            quantity: row.try_get("stock_quantity")?,
        })
    })
}

/// Keeps a file as it was looked at: a finding for each line, in their order.
///
/// # Errors
/// `Conflict` with `stock_import_pkey` if it was kept before.
pub async fn insert_import(
    tx: &TenantTx,
    new: &NewImport<'_>,
    lines: &[Line],
    findings: &[Finding],
    now: Timestamp,
) -> Result<(), DbError> {
    let (tenant, id) = (tx.tenant.uuid(), new.id);
    let head: [Param<'_>; 10] = [
        &tenant,
        &id,
        &new.store.uuid(),
        &new.name,
        &new.encoding,
        &new.ignored,
        &new.by.uuid(),
        &new.by_name,
        &now,
        &new.expires_at,
    ];
    macro_rules! column {
        (|$line:ident, $finding:ident| $value:expr) => {
            lines.iter().zip(findings).map(|($line, $finding)| $value).collect::<Vec<_>>()
        };
    }
    let body: [Param<'_>; 9] = [
        &tenant,
        &id,
        &column!(|line, _finding| i32::try_from(line.line).unwrap_or(i32::MAX)),
        &column!(|line, _finding| line.sku.as_str()),
        &column!(|line, _finding| line.given.as_str()),
        &column!(|line, _finding| line.wanted),
        &column!(|_line, finding| finding.product.map(ProductId::uuid)),
        &column!(|_line, finding| finding.present),
        &column!(|_line, finding| finding.finding.as_str()),
    ];
    tx.execute(include_str!("../../../queries/stock_import/insert.sql"), &head).await?;
    tx.execute(include_str!("../../../queries/stock_import/insert_lines.sql"), &body).await?;
    Ok(())
}

/// The next lines of a file that are to be written.
///
/// # Errors
/// As every statement.
pub async fn pending(tx: &TenantTx, id: Uuid, limit: u32) -> Result<Vec<Pending>, DbError> {
    let sql = include_str!("../../../queries/stock_import/pending.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &id, &i64::from(limit)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Pending {
                line: row.try_get("line")?,
                product: ProductId(row.try_get("product_id")?),
                wanted: row.try_get("wanted")?,
                present: row.try_get("present")?,
            })
        })
        .collect()
}

/// Says what became of lines.
///
/// # Errors
/// As every statement.
pub async fn end_lines(tx: &TenantTx, id: Uuid, ended: &[Ended]) -> Result<(), DbError> {
    if ended.is_empty() {
        return Ok(());
    }
    let lines: Vec<i32> = ended.iter().map(|one| one.line).collect();
    let intents: Vec<Option<Uuid>> = ended.iter().map(|one| one.outcome.ok()).collect();
    let refusals: Vec<Option<&str>> = ended.iter().map(|one| one.outcome.err()).collect();
    let sql = include_str!("../../../queries/stock_import/end_lines.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id, &lines, &intents, &refusals]).await?;
    Ok(())
}

/// Moves a file on; `by` is who writes it, if it is written. To be said of one that is locked.
///
/// # Errors
/// As every statement.
pub async fn step_import(
    tx: &TenantTx,
    id: Uuid,
    to: ImportState,
    by: Option<(UserId, &str)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (user, name) = (by.map(|(user, _)| user.uuid()), by.map(|(_, name)| name));
    let sql = include_str!("../../../queries/stock_import/step.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &id, &to.as_str(), &user, &name, &now]).await?;
    Ok(())
}
