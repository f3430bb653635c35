//! What a test reads of a set-up: counts in the database, processor time, memory.

use std::time::{Duration, Instant};

use anyhow::Result;
use storewire_testkit::wait_until;
use tokio_postgres::Client;

use super::Rig;
use crate::cpu::{self, Used};
use crate::memory::Resident;

const LOOK_EVERY: Duration = Duration::from_millis(100);
const IDLE_FOR: Duration = Duration::from_secs(3);

impl Rig {
    /// CPU time so far of the binary and of PostgreSQL with all its backends.
    ///
    /// # Errors
    /// If one of them ended.
    pub fn cpu(&self) -> Result<Used> {
        Ok(Used { program: cpu::of_tree(self.product.pid()?)?, database: self.database_cpu()? })
    }

    /// CPU time so far of PostgreSQL with all its backends.
    ///
    /// # Errors
    /// If it ended.
    pub fn database_cpu(&self) -> Result<Duration> {
        self.database.cpu()
    }

    /// Memory of the binary.
    ///
    /// # Errors
    /// If it ended.
    pub fn memory(&self) -> Result<Resident> {
        Resident::of(self.product.pid()?)
    }

    /// Deliveries in the inbox.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn stored(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox").await
    }

    /// Deliveries that were stored and are not applied yet.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn pending(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox WHERE state = 'pending'").await
    }

    /// Deliveries that were set aside or ignored: in these tests each is a true change, so there must be none.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn not_applied(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox WHERE state IN ('dead', 'ignored')").await
    }

    /// Waits until every delivery was applied.
    ///
    /// # Errors
    /// If that takes longer than `within`.
    pub async fn drain(&self, within: Duration) -> Result<()> {
        // Rarely: what looks for it is part of what is measured.
        let empty = || async {
            tokio::time::sleep(LOOK_EVERY).await;
            self.pending().await.is_ok_and(|pending| pending == 0)
        };
        wait_until(within, "every delivery is applied", empty).await
    }

    /// Waits until so many stores were read for the first time.
    ///
    /// # Errors
    /// If that takes longer than `within`.
    pub async fn wait_until_read(&self, stores: u64, within: Duration) -> Result<()> {
        let read = || async {
            let live = count(&self.admin, "SELECT count(*) FROM store WHERE state = 'live'").await;
            live.is_ok_and(|live| live >= stores)
        };
        wait_until(within, "every store was read once", read).await
    }

    /// Writes out what earlier rounds left in memory, so that no round pays for the one before.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn settle(&self) -> Result<()> {
        Ok(self.admin.batch_execute("CHECKPOINT").await?)
    }

    /// Does what autovacuum does by itself within minutes: until then the database plans by the size that its tables had
    /// when a statement was first used, which here was none.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn analyze(&self) -> Result<()> {
        Ok(self.admin.batch_execute("ANALYZE").await?)
    }

    /// What binary and database use with nothing to do, in microseconds per second. What earlier steps left for autovacuum is done before.
    ///
    /// # Errors
    /// If one of them ended.
    pub async fn idle(&self) -> Result<u64> {
        self.admin.batch_execute("VACUUM ANALYZE").await?;
        let (before, started) = (self.cpu()?, Instant::now());
        tokio::time::sleep(IDLE_FOR).await;
        let used = self.cpu()?.since(&before).total();
        let millis = started.elapsed().as_millis().max(1);
        Ok(u64::try_from(used.as_micros() * 1_000 / millis)?)
    }
}

/// One number.
pub(super) async fn count(admin: &Client, query: &str) -> Result<u64> {
    let count: i64 = admin.query_one(query, &[]).await?.try_get(0)?;
    Ok(u64::try_from(count)?)
}
