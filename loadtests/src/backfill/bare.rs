//! The physical limit of a first import: the orders and lines that the product wrote, written again in pages of a
//! hundred, with nothing around them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use super::raw::Raw;
use super::shape::Shape;
use crate::bare::CONNECTIONS;
use crate::rig::Rig;

/// As many as a page of a shop's.
const PAGE: i64 = 100;
const ORDER_KEYS: &str = "tenant_id, store_id, remote_id";

/// A page of orders with their lines, a column an array.
struct Page {
    orders: Vec<Raw>,
    lines: Vec<Raw>,
}

/// The orders of one store, read back to be written bare.
pub(crate) struct Rows {
    pages: Arc<Vec<Page>>,
    pub(crate) orders: u64,
    pub(super) lines: u64,
    write_orders: String,
    write_lines: String,
}

impl Rows {
    /// Reads what the product keeps of a store, and makes empty tables of the same shape.
    pub(crate) async fn of_store(rig: &Rig, store: Uuid) -> Result<Self> {
        let admin = rig.admin();
        let (orders, lines) = (Shape::of(admin, "orders").await?, Shape::of(admin, "order_line").await?);
        admin.batch_execute(&orders.make_bare()).await?;
        admin.batch_execute(&lines.make_bare()).await?;
        let read = orders.read("WHERE store_id = $1 ORDER BY id OFFSET $2::bigint LIMIT 100");
        let ids = "SELECT id FROM orders WHERE store_id = $1 ORDER BY id OFFSET $2::bigint LIMIT 100";
        let read_lines = lines.read(&format!("WHERE order_id IN ({ids})"));
        let mut pages = Vec::new();
        loop {
            let offset = i64::try_from(pages.len())? * PAGE;
            let page = Page {
                orders: columns(admin, &read, orders.width(), &[&store, &offset]).await?,
                lines: columns(admin, &read_lines, lines.width(), &[&store, &offset]).await?,
            };
            if page.orders.first().is_none_or(Raw::is_null) {
                break;
            }
            pages.push(page);
        }
        let count = async |sql: &str| {
            let count: i64 = admin.query_one(sql, &[&store]).await?.try_get(0)?;
            anyhow::Ok(u64::try_from(count)?)
        };
        let of_lines = "SELECT count(*) FROM order_line WHERE order_id IN (SELECT id FROM orders WHERE store_id = $1)";
        Ok(Self {
            pages: Arc::new(pages),
            orders: count("SELECT count(*) FROM orders WHERE store_id = $1").await?,
            lines: count(of_lines).await?,
            write_orders: orders.write(Some(ORDER_KEYS)),
            write_lines: lines.write(None),
        })
    }

    /// Writes them once, a page a commit, and empties the tables again.
    pub(crate) async fn write(&self, rig: &Rig) -> Result<Duration> {
        let mut clients = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let (client, connection) = tokio_postgres::connect(rig.admin_url(), NoTls).await?;
            // Ends with the client, or with the server.
            tokio::spawn(connection);
            let orders = client.prepare(&self.write_orders).await.context("the statement does not fit the orders")?;
            let lines = client.prepare(&self.write_lines).await.context("the statement does not fit the lines")?;
            clients.push((client, orders, lines));
        }
        let started = Instant::now();
        let writers: Vec<_> = clients
            .into_iter()
            .enumerate()
            .map(|(first, (mut client, orders, lines))| {
                let pages = Arc::clone(&self.pages);
                tokio::spawn(async move {
                    for page in pages.iter().skip(first).step_by(CONNECTIONS) {
                        let tx = client.transaction().await?;
                        tx.execute(&orders, &parameters(&page.orders)).await?;
                        if page.lines.first().is_some_and(|column| !column.is_null()) {
                            tx.execute(&lines, &parameters(&page.lines)).await?;
                        }
                        tx.commit().await?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for writer in writers {
            writer.await??;
        }
        let took = started.elapsed();
        rig.admin().batch_execute("TRUNCATE bare_orders, bare_order_line").await?;
        Ok(took)
    }
}

fn parameters(columns: &[Raw]) -> Vec<&(dyn ToSql + Sync)> {
    columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect()
}

async fn columns(admin: &Client, sql: &str, width: usize, of: &[&(dyn ToSql + Sync)]) -> Result<Vec<Raw>> {
    let row = admin.query_one(sql, of).await?;
    (0..width).map(|column| Ok(row.try_get(column)?)).collect()
}
