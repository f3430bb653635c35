//! What the change log says about itself: it counts without a gap, tells of each record's beginning once, and never goes back.

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{Check, Clocks};

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

/// As [`gone_back_by`], for shops whose clocks were always right.
///
/// # Errors
/// If the database does not answer.
pub async fn gone_back(admin: &Client) -> Result<Check> {
    gone_back_by(admin, &Clocks::default()).await
}

/// Entries of orders and products that tell of a version which is older than one that an earlier entry of the same record told of. Which
/// is older is judged by when the shop wrote it: where its clock was set, its dates do not say.
///
/// # Errors
/// If the database does not answer.
pub async fn gone_back_by(admin: &Client, clocks: &Clocks) -> Result<Check> {
    let mut check = Check::new("gone back in time");
    let sql = "SELECT store_id, entity_id, seq, kind, source, extract(epoch FROM store_time)::bigint FROM change
        WHERE kind ~ '^(order|product)\\.' AND store_time IS NOT NULL ORDER BY store_id, entity_id, seq";
    let mut reached: Option<(Uuid, Uuid, i64)> = None;
    for row in admin.query(sql, &[]).await? {
        let (store, entity, seq): (Uuid, Uuid, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let (kind, source, shown): (String, String, i64) = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
        check.counted += 1;
        let before = reached.filter(|(.., of, _)| *of == entity).map_or(i64::MIN, |(.., moment)| moment);
        let moments = clocks.moments(store, shown);
        match moments.iter().find(|moment| **moment >= before) {
            Some(moment) => reached = Some((store, entity, *moment)),
            None => check.broken.push(format!(
                "store {store} #{seq} {kind} of {entity} by {source}: a version of {shown}, which its clock showed at {moments:?}, after \
                 one of {before}"
            )),
        }
    }
    Ok(check)
}

async fn count(admin: &Client, sql: &str) -> Result<usize> {
    let count: i64 = admin.query_one(sql, &[]).await?.try_get(0)?;
    Ok(usize::try_from(count)?)
}
