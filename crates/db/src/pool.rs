//! Connections: two pools (intake cannot be starved by the panel), their drivers on a runtime of their own.

use std::{future::Future, pin::Pin, time::Duration};

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres::{Client, Config, NoTls};

use crate::DbError;

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// `postgres://` URL of the application's login role.
    pub url: String,
    /// Connections for everything but intake.
    pub connections: usize,
    /// Connections that only intake uses.
    pub intake_connections: usize,
    /// The longest wait for a free connection.
    pub acquire_timeout: Duration,
    /// The server cancels a statement that runs longer.
    pub statement_timeout: Duration,
}

impl DbConfig {
    /// Sizes for one node on one machine.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 16,
            intake_connections: 4,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) main: Pool,
    pub(crate) intake: Pool,
    pub(crate) drivers: Handle,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("main", &self.main.status()).field("intake", &self.intake.status()).finish()
    }
}

impl Db {
    /// Opens the pools and proves that one connection works. `drivers` is the runtime that drives every connection:
    /// a driver on a runtime that computes would stall its queries.
    ///
    /// # Errors
    /// `Driver` for a URL that does not parse, `Unavailable` if no connection can be made.
    pub async fn connect(config: &DbConfig, drivers: Handle) -> Result<Self, DbError> {
        let mut target: Config = config.url.parse().map_err(DbError::Driver)?;
        if target.get_application_name().is_none() {
            target.application_name("storewire");
        }
        let timeout_ms = config.statement_timeout.as_millis();
        target.options(format!("-c statement_timeout={timeout_ms} -c timezone=UTC"));
        target.connect_timeout(config.acquire_timeout);
        let db = Self {
            main: pool(&target, config.connections, config, &drivers)?,
            intake: pool(&target, config.intake_connections, config, &drivers)?,
            drivers,
        };
        db.ping().await?;
        Ok(db)
    }

    /// Asks the server for an answer.
    ///
    /// # Errors
    /// `Unavailable` if there is none.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.main.get().await?.batch_execute("SELECT 1").await?;
        Ok(())
    }

    /// Connections in use and open, of the main pool; for metrics.
    #[must_use]
    pub fn in_use(&self) -> (usize, usize) {
        let status = self.main.status();
        (status.size.saturating_sub(status.available), status.size)
    }

    /// Closes every idle connection and refuses new ones.
    pub fn close(&self) {
        self.main.close();
        self.intake.close();
    }
}

fn pool(target: &Config, size: usize, config: &DbConfig, drivers: &Handle) -> Result<Pool, DbError> {
    let manager = Manager::from_connect(
        target.clone(),
        OnRuntime(drivers.clone()),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(config.acquire_timeout))
        .create_timeout(Some(config.acquire_timeout))
        .build()
        .map_err(|error| DbError::Unavailable(Box::new(error)))
}

struct OnRuntime(Handle);

type Connected = Result<(Client, JoinHandle<()>), tokio_postgres::Error>;

impl Connect for OnRuntime {
    fn connect(&self, target: &Config) -> Pin<Box<dyn Future<Output = Connected> + Send + '_>> {
        let target = target.clone();
        let opened = self.0.spawn(async move {
            let (client, driver) = target.connect(NoTls).await?;
            let task = tokio::spawn(async move {
                if let Err(error) = driver.await {
                    tracing::warn!(%error, "database connection ended");
                }
            });
            Ok((client, task))
        });
        Box::pin(async move {
            match opened.await {
                Ok(connected) => connected,
                // The runtime is shutting down: nobody waits for this connection any more, the pool's timeout ends it.
                Err(_) => std::future::pending().await,
            }
        })
    }
}
