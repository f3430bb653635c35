//! The ledger: entered in the transaction that stores the count, never changed.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{Edit, ProductId, Source, StoreId, TenantId, intent::Cause, stock::MoveReason};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, decode::known, intents, scope::Param};

/// A count that moved.
#[derive(Clone, Debug)]
pub struct NewMove {
    pub product: ProductId,
    /// `None` where stock was not counted.
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
    pub source: Source,
    /// The write of ours that moved it. Without one it was the shop, or a walk came upon it.
    pub write: Option<Write>,
}

/// A write of a count that is under way.
#[derive(Clone, Debug)]
pub struct Write {
    pub intent: Uuid,
    pub product: ProductId,
    /// The count that is to be there afterwards.
    pub quantity: Decimal,
    pub cause: Cause,
    /// The name of who caused it, where the tenant was told it.
    pub by_name: String,
}

/// An entry of the ledger as its readers see it.
#[derive(Clone, Debug)]
pub struct MoveRow {
    pub id: Uuid,
    pub at: Timestamp,
    /// `None` where stock was not counted.
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
    pub reason: MoveReason,
    pub source: Source,
    /// Empty where nobody of ours did it, or their name is not the reader's to know.
    pub by_name: String,
    pub intent_id: Option<Uuid>,
    /// Why, in the words of who did it.
    pub note: String,
}

impl NewMove {
    /// What moved it.
    #[must_use]
    pub fn reason(&self) -> MoveReason {
        match (&self.write, self.source) {
            (Some(write), _) if write.cause.request.is_some() => MoveReason::Request,
            (Some(write), _) if write.cause.import.is_some() => MoveReason::Import,
            (Some(write), _) if write.cause.returned.is_some() => MoveReason::Return,
            (Some(_), _) => MoveReason::Edit,
            (None, Source::Sweep | Source::Reconcile) => MoveReason::Drift,
            (None, _) => MoveReason::Shop,
        }
    }
}

/// Enters moves of one store's counts.
///
/// # Errors
/// As every statement.
pub async fn append(tx: &TenantTx, store: StoreId, moves: &[NewMove], now: Timestamp) -> Result<(), DbError> {
    if moves.is_empty() {
        return Ok(());
    }
    macro_rules! column {
        (|$moved:ident| $value:expr) => {
            moves.iter().map(|$moved| $value).collect::<Vec<_>>()
        };
    }
    let ids: Vec<Uuid> = moves.iter().map(|_| Uuid::now_v7()).collect();
    let params: [Param<'_>; 13] = [
        &tx.tenant.uuid(),
        &store.uuid(),
        &now,
        &ids,
        &column!(|moved| moved.product.uuid()),
        &column!(|moved| moved.before),
        &column!(|moved| moved.after),
        &column!(|moved| moved.reason().as_str()),
        &column!(|moved| moved.source.as_str()),
        &column!(|moved| moved.write.as_ref().map(|write| write.cause.user.uuid())),
        &column!(|moved| moved.write.as_ref().map_or("", |write| write.by_name.as_str())),
        &column!(|moved| moved.write.as_ref().map(|write| write.intent)),
        &column!(|moved| moved.write.as_ref().and_then(|write| write.cause.note.as_deref()).unwrap_or_default()),
    ];
    tx.execute(include_str!("../../queries/stock_move/append.sql"), &params).await?;
    Ok(())
}

/// The writes of counts that were sent for these products and have not been read back.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn writes_under_way(tx: &TenantTx, products: &[ProductId]) -> Result<Vec<Write>, DbError> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = products.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../../queries/stock_move/writes.sql"), &[&tx.tenant.uuid(), &ids]).await?;
    known(&rows, |row| {
        let Edit::Stock { quantity } = intents::edit(row)? else {
            return Err(DbError::Inconsistent { table: "intent", column: "change" });
        };
        Ok(Write {
            intent: row.try_get("id")?,
            product: ProductId(row.try_get("entity_id")?),
            quantity,
            cause: intents::cause(row)?,
            by_name: row.try_get("by_name")?,
        })
    })
}

/// The ledger of one product, newest first; `before` is the last entry of the page before.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn moves(
    tx: &ReadTx,
    tenant: TenantId,
    product: ProductId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<MoveRow>, DbError> {
    let sql = include_str!("../../queries/stock_move/of_product.sql");
    known(&tx.query(sql, &[&tenant.uuid(), &product.uuid(), &before, &i64::from(limit)]).await?, entry)
}

fn entry(row: &Row) -> Result<MoveRow, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "stock_move", column };
    Ok(MoveRow {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        before: row.try_get("before")?,
        after: row.try_get("after")?,
        reason: row.try_get::<_, &str>("reason")?.parse().map_err(|_| inconsistent("reason"))?,
        source: row.try_get::<_, &str>("source")?.parse().map_err(|_| inconsistent("source"))?,
        by_name: row.try_get("by_name")?,
        intent_id: row.try_get("intent_id")?,
        note: row.try_get("note")?,
    })
}
