//! Connections: four pools (neither intake nor people are starved by the engine's work, nor health checks by people's), their drivers on a
//! runtime of their own.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres::{Client, Config, NoTls, error::SqlState};

use crate::{DbError, viewers::Line};

/// A server that is there cancels a long statement by itself; one that is silent for so much longer is given up.
const SILENCE: Duration = Duration::from_secs(5);
/// Who delivers waits no longer than this.
const INTAKE_PATIENCE: Duration = Duration::from_secs(5);
/// People get one connection more for so many of the engine's.
const ENGINES_PER_PERSON: usize = 2;
/// Health checks come one at a time; the second is for a check that was given up on.
const PROBE_CONNECTIONS: usize = 2;

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// `postgres://` URL of the application's login role.
    pub url: String,
    /// Connections for everything but intake; people have half as many of their own besides, and health checks two.
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
    pub(crate) main: Arc<Lane>,
    pub(crate) intake: Arc<Lane>,
    people: Arc<Lane>,
    probes: Arc<Lane>,
}

/// Connections for one purpose, and what must be known to use them.
pub(crate) struct Lane {
    pub(crate) pool: Pool,
    pub(crate) drivers: Handle,
    /// The longest wait for an answer.
    pub(crate) patience: Duration,
    pub(crate) viewers: Line,
    /// The server refused a write because it takes none, and has not taken one since.
    refuses_writes: Arc<AtomicBool>,
}

impl Lane {
    /// Remembers what an answer says about the server itself.
    pub(crate) fn note(&self, error: &tokio_postgres::Error) {
        if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            self.learn(false);
        }
    }

    pub(crate) fn learn(&self, takes_writes: bool) {
        self.refuses_writes.store(!takes_writes, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("main", &self.main.pool.status())
            .field("intake", &self.intake.pool.status())
            .field("people", &self.people.pool.status())
            .field("probes", &self.probes.pool.status())
            .finish()
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
        // To the server none is none.
        let patience = if timeout_ms == 0 { Duration::MAX } else { config.statement_timeout + SILENCE };
        let refuses_writes = Arc::<AtomicBool>::default();
        let lane = |size, patience| {
            let (pool, drivers) = (pool(&target, size, config, &drivers)?, drivers.clone());
            let (viewers, refuses_writes) = (Line::default(), Arc::clone(&refuses_writes));
            Ok::<_, DbError>(Arc::new(Lane { pool, drivers, patience, viewers, refuses_writes }))
        };
        let db = Self {
            main: lane(config.connections, patience)?,
            intake: lane(config.intake_connections, patience.min(INTAKE_PATIENCE))?,
            people: lane(config.connections.div_ceil(ENGINES_PER_PERSON), patience)?,
            probes: lane(PROBE_CONNECTIONS, patience.min(INTAKE_PATIENCE))?,
        };
        db.ping().await?;
        Ok(db)
    }

    /// The same for people, on connections of their own: an engine that has fallen behind uses up all of its own, and nobody must wait in
    /// that queue for a page.
    #[must_use]
    pub fn for_people(&self) -> Self {
        Self { main: Arc::clone(&self.people), ..self.clone() }
    }

    /// The same for health checks: a crowd of callers who all try again is no reason to call the node unfit.
    #[must_use]
    pub fn for_probes(&self) -> Self {
        Self { main: Arc::clone(&self.probes), ..self.clone() }
    }

    /// Asks the server for an answer.
    ///
    /// # Errors
    /// `Unavailable` if there is none.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.main.pool.get().await?.batch_execute("SELECT 1").await?;
        Ok(())
    }

    /// Whether the server was seen to refuse writes, as a replica does and one that an administrator made read-only. Known from the
    /// last lease or write that was asked for.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.main.refuses_writes.load(Ordering::Relaxed)
    }

    /// Connections in use and open, of the main pool; for metrics.
    #[must_use]
    pub fn in_use(&self) -> (usize, usize) {
        let status = self.main.pool.status();
        (status.size.saturating_sub(status.available), status.size)
    }

    /// How much of both pools is in use, percent of what they may grow to; 100 as soon as anybody waits.
    #[must_use]
    pub fn pressure(&self) -> u32 {
        let of = |pool: &Pool| {
            let status = pool.status();
            let in_use = status.size.saturating_sub(status.available);
            if status.waiting > 0 { 100 } else { u32::try_from(in_use * 100 / status.max_size.max(1)).unwrap_or(100) }
        };
        of(&self.main.pool).max(of(&self.intake.pool)).min(100)
    }

    /// Closes every idle connection and refuses new ones.
    pub fn close(&self) {
        self.main.pool.close();
        self.intake.pool.close();
        self.people.pool.close();
        self.probes.pool.close();
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
