//! How PostgreSQL would answer a statement.

use anyhow::Result;
use tokio_postgres::Client;

/// The plan of a query, asked for after these settings.
pub async fn of(client: &Client, settings: &str, query: &str) -> Result<String> {
    client.batch_execute(&format!("BEGIN; {settings}")).await?;
    let rows = client.query(&format!("EXPLAIN {query}"), &[]).await?;
    client.batch_execute("ROLLBACK").await?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>().join("\n"))
}
