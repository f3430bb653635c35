//! What the change log says about itself: it counts without a gap, tells of each record's beginning once, and never goes back.

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Check;

/// Numbers that a store's log leaves out or gives twice.
///
/// # Errors
/// If the database does not answer.
pub async fn gaps(admin: &Client) -> Result<Check> {
    let sql = "SELECT store_id, count(*), max(seq) FROM change GROUP BY store_id";
    let mut check = Check::new("gaps in the change log");
    for row in admin.query(sql, &[]).await? {
        let (store, count, last): (Uuid, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        check.counted += usize::try_from(count)?;
        if count != last {
            check.broken.push(format!("store {store}: {count} entries up to number {last}"));
        }
    }
    Ok(check)
}

/// Records whose beginning is told twice without an end in between, and records that are there twice.
///
/// # Errors
/// If the database does not answer.
pub async fn doubled(admin: &Client) -> Result<Check> {
    let mut check = Check::new("doubled");
    check.counted = count(admin, "SELECT count(*) FROM change WHERE kind LIKE '%.created'").await?;
    let twice = "SELECT entity_id, kind FROM (
            SELECT entity_id, kind, lag(kind) OVER (PARTITION BY store_id, entity_id ORDER BY seq) AS before
            FROM change WHERE kind ~ '^(order|product)\\.(created|deleted)$'
        ) told WHERE kind LIKE '%.created' AND before LIKE '%.created'";
    for row in admin.query(twice, &[]).await? {
        let (entity, kind): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
        check.broken.push(format!("{kind} of {entity} is told twice"));
    }
    for table in ["orders", "product", "customer", "coupon"] {
        let sql = format!("SELECT store_id, remote_id FROM {table} GROUP BY store_id, remote_id HAVING count(*) > 1");
        for row in admin.query(&sql, &[]).await? {
            let (store, id): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
            check.broken.push(format!("{table} {id} of store {store} is there twice"));
        }
    }
    Ok(check)
}

/// Entries of orders and products whose store time lies before that of an earlier entry of the same record.
///
/// # Errors
/// If the database does not answer.
pub async fn gone_back(admin: &Client) -> Result<Check> {
    let mut check = Check::new("gone back in time");
    let of_records = "kind ~ '^(order|product)\\.' AND store_time IS NOT NULL";
    check.counted = count(admin, &format!("SELECT count(*) FROM change WHERE {of_records}")).await?;
    let sql = format!(
        "SELECT store_id, seq, entity_id, kind, source, store_time::text, newest::text FROM (
            SELECT *, max(store_time) OVER (
                PARTITION BY store_id, entity_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest
            FROM change WHERE {of_records}
        ) told WHERE store_time < newest ORDER BY store_id, seq"
    );
    for row in admin.query(&sql, &[]).await? {
        let (store, seq, entity): (Uuid, i64, Uuid) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let text = |index: usize| row.try_get::<_, String>(index);
        let (kind, source, time, newest) = (text(3)?, text(4)?, text(5)?, text(6)?);
        check.broken.push(format!("store {store} #{seq} {kind} of {entity} by {source}: {time} after {newest}"));
    }
    Ok(check)
}

async fn count(admin: &Client, sql: &str) -> Result<usize> {
    let count: i64 = admin.query_one(sql, &[]).await?.try_get(0)?;
    Ok(usize::try_from(count)?)
}
