//! The end of a rehearsal's rows: deleted table by table, some thousands at a time, by a scope that can delete no others.

use jiff::Timestamp;
use storewire_domain::{TenantId, rehearsal::Phase};
use uuid::Uuid;

use super::{Ending, RehearsalRow, finish, list};
use crate::{Db, DbError, TenantTx};

/// Rows in one transaction: few enough that nobody waits for it.
const AT_ONCE: i64 = 5_000;

/// Rehearsals that are looked through for those that a node left unfinished.
const LOOKED_AT: u32 = 1_000;

/// Every table of tenants' rows, those that refer to another before it. The audit is not among them: what people did stays.
pub const TABLES: [&str; 50] = [
    "idempotency_key",
    "inbox",
    "dead_letter",
    "recheck",
    "sweep",
    "drift",
    "diary",
    "alert",
    "webhook_gap",
    "store_budget",
    "change",
    "attachment",
    "ticket_reader",
    "ticket_note",
    "ticket_message",
    "ticket",
    "return_event",
    "return_item",
    "return_case",
    "request_event",
    "request",
    "letter_try",
    "letter",
    "notice",
    "stock_import_row",
    "stock_import",
    "low_stock",
    "stock_threshold",
    "stock_move",
    "bulk_row",
    "order_charge",
    "order_share",
    "customer_tag",
    "intent",
    "order_line",
    "order_refund",
    "orders",
    "product",
    "customer",
    "coupon",
    "checkpoint",
    "store_webhook",
    "store_counter",
    "store_secret",
    "store_ownership",
    "staff_store",
    "store",
    "membership",
    "desk_counter",
    "tenant",
];

/// Deletes everything of a rehearsal but its report, and notes when. Safe to repeat, and to go on with after a crash. Its actors must
/// have ended.
///
/// # Errors
/// As every statement; the policies refuse a tenant that is a real one by finding nothing of it.
pub async fn clear(db: &Db, id: TenantId, now: Timestamp) -> Result<u64, DbError> {
    let mut deleted = 0;
    for table in TABLES {
        let key = if table == "tenant" { "id" } else { "tenant_id" };
        // Rows of a partitioned table are told apart by partition and place.
        let sql = format!(
            "DELETE FROM {table} WHERE {key} = $1 AND (tableoid, ctid) IN (
                SELECT tableoid, ctid FROM {table} WHERE {key} = $1 LIMIT $2)"
        );
        loop {
            let tx = db.janitor().await?;
            let rows = tx.execute(&sql, &[&id.uuid(), &AT_ONCE]).await?;
            tx.commit().await?;
            deleted += rows;
            if rows == 0 {
                break;
            }
        }
    }
    let tx = db.tenant(id).await?;
    tx.execute("UPDATE rehearsal SET cleared_at = coalesce(cleared_at, $2) WHERE tenant_id = $1", &[&id.uuid(), &now])
        .await?;
    tx.commit().await?;
    Ok(deleted)
}

/// Has every twin of the transaction's rehearsal left alone from now on.
///
/// # Errors
/// As every statement.
pub async fn set_still(tx: &TenantTx, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE store SET state = 'paused', state_reason = NULL, paused_at = $2, updated_at = $2
         WHERE tenant_id = $1 AND state <> 'paused'",
        &[&tx.tenant.uuid(), &now],
    )
    .await?;
    Ok(())
}

/// Ends what `node` had begun when it ended, before its actors start.
///
/// # Errors
/// As every statement.
pub async fn interrupt(db: &Db, node: Uuid, now: Timestamp) -> Result<(), DbError> {
    for row in of_node(db, node).await?.iter().filter(|row| !row.phase.is_over()) {
        let tx = db.tenant(row.tenant_id).await?;
        set_still(&tx, now).await?;
        finish(&tx, &Ending { phase: Phase::Interrupted, reason: None, report: None }, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Rehearsals of `node` that are over and whose rows are still there.
///
/// # Errors
/// As every statement.
pub async fn kept(db: &Db, node: Uuid) -> Result<Vec<RehearsalRow>, DbError> {
    let rows = of_node(db, node).await?;
    Ok(rows.into_iter().filter(|row| row.phase.is_over() && row.cleared_at.is_none()).collect())
}

async fn of_node(db: &Db, node: Uuid) -> Result<Vec<RehearsalRow>, DbError> {
    let tx = db.platform().await?;
    let rows = list(&tx, LOOKED_AT).await?.into_iter().filter(|row| row.node == node).collect();
    tx.commit().await?;
    Ok(rows)
}
