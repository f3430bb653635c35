//! Whether exactly the poison was set aside: every delivery that nobody can read or that a copy of the site sent, and nothing else.

use std::collections::HashSet;

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Check;

/// What is known to have been injected.
#[derive(Clone, Debug, Default)]
pub struct Injected {
    /// Bodies that were acknowledged.
    pub bodies: Vec<Vec<u8>>,
    /// Texts by which an unreadable body is known. A body without any of them can be read.
    pub marks: Vec<String>,
    /// Records that could not be shown or read for a while: the store, and its own id.
    pub records: HashSet<(Uuid, String)>,
}

/// Deliveries that name another site than the store's own as their source.
const FOREIGN: &str = "SELECT inbox.id FROM inbox JOIN store ON store.id = inbox.store_id
    WHERE regexp_replace(lower(inbox.source), '^https?://|/+$', '', 'g')
        <> regexp_replace(lower(store.home_url), '^https?://|/+$', '', 'g')";

/// Deliveries of copies of a site that are not set aside as what they are.
///
/// # Errors
/// If the database does not answer.
pub async fn believed(admin: &Client) -> Result<Check> {
    let mut check = Check::new("deliveries of a copy taken for the shop's");
    let sql = format!(
        "SELECT kept.id, letter.id IS NOT NULL FROM ({FOREIGN}) AS kept
        LEFT JOIN dead_letter letter ON letter.id = kept.id AND letter.cause = 'foreign_source'"
    );
    for row in admin.query(&sql, &[]).await? {
        let (id, is_known): (Uuid, bool) = (row.try_get(0)?, row.try_get(1)?);
        check.counted += 1;
        if !is_known {
            check.broken.push(format!("delivery {id}"));
        }
    }
    Ok(check)
}

/// Compares dead letters with what was injected and with what copies of sites sent.
///
/// # Errors
/// If the database does not answer.
pub async fn unexplained(admin: &Client, injected: &Injected) -> Result<Check> {
    let mut check = Check::new("dead letters beside the poison injected");
    let is_poison =
        "EXISTS (SELECT FROM unnest($1::text[]) AS mark WHERE position(convert_to(mark, 'UTF8') IN body) > 0)";
    let kept = ids(admin, &format!("SELECT id FROM inbox WHERE {is_poison} UNION {FOREIGN}"), injected).await?;
    let dead =
        ids(admin, "SELECT id FROM dead_letter WHERE origin = 'delivery' AND $1::text[] IS NOT NULL", injected).await?;
    check.counted = kept.len();
    check.broken.extend(kept.difference(&dead).map(|id| format!("delivery {id} is unreadable and was not set aside")));
    for id in dead.difference(&kept) {
        let sql = "SELECT cause || ': ' || reason FROM dead_letter WHERE id = $1";
        let why: String = admin.query_one(sql, &[id]).await?.try_get(0)?;
        check.broken.push(format!("delivery {id} was set aside without need: {why}"));
    }
    for body in &injected.bodies {
        let sql = "SELECT count(*) FROM dead_letter WHERE body = $1";
        if admin.query_one(sql, &[body]).await?.try_get::<_, i64>(0)? == 0 {
            check.broken.push(format!("acknowledged poison is gone: {}", String::from_utf8_lossy(body)));
        }
    }
    let others = "SELECT store_id, origin, coalesce(remote_id, ''), cause || ': ' || reason FROM dead_letter
        WHERE origin <> 'delivery'";
    for row in admin.query(others, &[]).await? {
        let (store, origin): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
        let (record, why): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        // A page tells no name where not even the name could be read.
        let is_known = injected.records.iter().any(|(of, id)| *of == store && (*id == record || record.is_empty()));
        if !is_known {
            check.broken.push(format!("{origin} {record} of store {store} was set aside without need: {why}"));
        }
    }
    Ok(check)
}

async fn ids(admin: &Client, sql: &str, injected: &Injected) -> Result<HashSet<Uuid>> {
    let rows = admin.query(sql, &[&injected.marks]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
