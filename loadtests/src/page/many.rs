//! A store with very many orders: copies of the few that were imported, each a minute older than the one before.

use anyhow::{Context, Result};
use tokio_postgres::Client;
use uuid::Uuid;

/// Columns in which a copy differs; `n` is its number. The text as the shop sent it is left out, since no list reads it.
const OWN: [(&str, &str); 6] = [
    ("id", "gen_random_uuid()"),
    ("remote_id", "(5000000 + n)::text"),
    ("number", "(5000000 + n)::text"),
    ("created_at", "now() - n * interval '1 minute'"),
    ("raw", "'{}'"),
    ("content_hash", "sha256(n::text::bytea)"),
];
const COLUMNS: &str = "SELECT quote_ident(attname) FROM pg_attribute
    WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum";

/// Fills the only store up to `count` orders; answers its id.
pub(super) async fn fill(admin: &Client, count: i64) -> Result<Uuid> {
    let store: Uuid = admin.query_one("SELECT id FROM store", &[]).await?.try_get(0)?;
    let held: i64 = admin.query_one("SELECT count(*) FROM orders", &[]).await?.try_get(0)?;
    anyhow::ensure!(held > 0, "no order to copy");
    let rows = admin.query(COLUMNS, &[]).await?;
    let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    let values: Vec<&str> = names
        .iter()
        .map(|name| OWN.iter().find(|(own, _)| own == name).map_or(name.as_str(), |(_, value)| *value))
        .collect();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql = format!(
        "INSERT INTO orders ({names}) SELECT {values}
        FROM generate_series(1::bigint, $1) n
        JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM orders) few ON few.place = 1 + n % $2"
    );
    admin.execute(&sql, &[&(count - held), &held]).await.context("the orders could not be copied")?;
    admin.batch_execute("VACUUM ANALYZE orders").await?;
    Ok(store)
}
