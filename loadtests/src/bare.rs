//! The physical limit of intake: the same rows by the same statement, in full batches, with nothing around them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use storewire_domain::Clock;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use crate::rig::Rig;
use crate::source::{Source, sha256};

/// Measured before as the best size of a batch, and as enough connections for two cores.
pub const BATCH: usize = 128;
pub const CONNECTIONS: usize = 2;
/// Bodies made before the clock starts, so that making them costs the limit nothing.
const BODIES: u64 = 4_096;

const INSERT: &str = include_str!("../../crates/db/queries/inbox/insert.sql");

/// What a round of bare inserts came to.
#[derive(Clone, Copy, Debug)]
pub struct Inserted {
    pub rows: u64,
    pub took: Duration,
}

/// Makes a table of the inbox's shape: columns, partition, keys and indexes, but no row security.
///
/// # Errors
/// If the database is gone.
pub async fn prepare(admin: &Client) -> Result<()> {
    let table = "DROP TABLE IF EXISTS bare_inbox;
        CREATE TABLE bare_inbox (LIKE inbox INCLUDING ALL) PARTITION BY RANGE (received_at);
        CREATE TABLE bare_inbox_default PARTITION OF bare_inbox DEFAULT";
    Ok(admin.batch_execute(table).await?)
}

/// Inserts for a time, and empties the table again.
///
/// # Errors
/// If the database is gone.
pub async fn run(rig: &Rig, time: Duration) -> Result<Inserted> {
    let bodies: Arc<Vec<Body>> =
        Arc::new((0..BODIES).map(|event| Body::new(&rig.source, event)).collect::<Result<_>>()?);
    let mut inserters = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        inserters.push(Inserter::connect(rig.admin_url()).await?);
    }
    let started = Instant::now();
    let workers: Vec<_> = inserters
        .into_iter()
        .enumerate()
        .map(|(index, inserter)| {
            let bodies = Arc::clone(&bodies);
            tokio::spawn(async move {
                let mut rows = 0;
                for batch in bodies.chunks_exact(BATCH).cycle().skip(index) {
                    if started.elapsed() >= time {
                        break;
                    }
                    rows += inserter.insert(&batch.iter().collect::<Vec<_>>()).await?;
                }
                anyhow::Ok(rows)
            })
        })
        .collect();
    let mut rows = 0;
    for worker in workers {
        rows += worker.await??;
    }
    let took = started.elapsed();
    rig.admin().batch_execute("TRUNCATE bare_inbox").await?;
    Ok(Inserted { rows, took })
}

/// A delivery as its row keeps it.
#[derive(Clone, Debug)]
pub struct Body {
    pub delivery_id: String,
    pub bytes: Vec<u8>,
    pub sha256: Vec<u8>,
}

impl Body {
    fn new(source: &Source, event: u64) -> Result<Self> {
        let bytes = source.body(event)?.into_bytes();
        Ok(Self { delivery_id: format!("{event:032x}"), sha256: sha256(&bytes), bytes })
    }
}

/// A connection that inserts batches.
pub struct Inserter {
    client: Client,
    statement: Statement,
    clock: Clock,
}

impl Inserter {
    /// # Errors
    /// If the database is gone, or `prepare` was not called.
    pub async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends with the client, or with the server.
        tokio::spawn(connection);
        let bare = INSERT.replacen("INSERT INTO inbox", "INSERT INTO bare_inbox", 1);
        let statement = client.prepare(&bare).await.context("the inbox's statement does not fit the bare table")?;
        Ok(Self { client, statement, clock: Clock::system() })
    }

    /// One batch, one commit; durable when it returns.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn insert(&self, batch: &[&Body]) -> Result<u64> {
        let now = self.clock.now();
        let same = |text: &'static str| vec![text; batch.len()];
        let owner = vec![Uuid::nil(); batch.len()];
        let ids: Vec<Uuid> = batch.iter().map(|_| Uuid::now_v7()).collect();
        let shards = vec![0_i16; batch.len()];
        let received: Vec<Timestamp> = vec![now; batch.len()];
        let delivery_ids: Vec<&str> = batch.iter().map(|body| body.delivery_id.as_str()).collect();
        let (topics, webhook_ids, sources) =
            (same("order.updated"), same("1"), same("https://127.0.0.1:20000/shop-1/"));
        let bodies: Vec<&[u8]> = batch.iter().map(|body| body.bytes.as_slice()).collect();
        let digests: Vec<&[u8]> = batch.iter().map(|body| body.sha256.as_slice()).collect();
        Ok(self
            .client
            .execute(
                &self.statement,
                &[
                    &owner,
                    &owner,
                    &ids,
                    &shards,
                    &received,
                    &topics,
                    &webhook_ids,
                    &delivery_ids,
                    &sources,
                    &bodies,
                    &digests,
                ],
            )
            .await?)
    }
}
