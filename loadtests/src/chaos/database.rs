//! The private PostgreSQL of a run, and the two ways in which it is hurt.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use storewire_cluster::{Account, Cluster, Profile};
use tokio_postgres::Client;

use super::plan::Blow;

const NAME: &str = "storewire";
/// For so long after a blow the binary may find no database.
const FELT_FOR: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const RECOVERS_WITHIN: Duration = Duration::from_secs(60);

/// See the module. Dropped, it is stopped.
#[derive(Debug)]
pub struct Database {
    home: PathBuf,
    pub url: String,
    cluster: Mutex<Option<Cluster>>,
    last_blow: Mutex<Option<Instant>>,
    /// Held while it is hurt, and by those who want it left alone.
    turn: tokio::sync::Mutex<()>,
}

impl Database {
    /// Makes and starts a server that keeps what it commits.
    ///
    /// # Errors
    /// If PostgreSQL's programs are missing or refuse.
    pub async fn start(home: &Path) -> Result<Self> {
        let home = home.to_path_buf();
        let place = home.clone();
        let cluster = tokio::task::spawn_blocking(move || {
            let cluster = open(&place)?;
            cluster.ensure_database(NAME)?;
            anyhow::Ok(cluster)
        });
        let cluster = cluster.await??;
        let url = cluster.admin_url(NAME);
        Ok(Self {
            home,
            url,
            cluster: Mutex::new(Some(cluster)),
            last_blow: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        })
    }

    /// A superuser's connection: sees every row. A blow ends it.
    ///
    /// # Errors
    /// If the server is away.
    pub async fn admin(&self) -> Result<Client> {
        storewire_oracle::connect(&self.url).await
    }

    /// Waits until it serves; nothing hurts it as long as what is answered is held.
    ///
    /// # Errors
    /// If it does not come back.
    pub async fn peace(&self) -> Result<tokio::sync::MutexGuard<'_, ()>> {
        let turn = self.turn.lock().await;
        self.recovers().await?;
        Ok(turn)
    }

    /// Hurts the server and waits until it runs again; false if it is not its turn.
    ///
    /// # Errors
    /// If it does not come back.
    pub async fn suffer(&self, blow: Blow) -> Result<bool> {
        let Ok(_turn) = self.turn.try_lock() else { return Ok(false) };
        self.note_blow();
        match blow {
            Blow::Stop { away_ms } => self.stop_at_once(Duration::from_millis(away_ms)).await?,
            Blow::Kill => self.kill_a_backend().await?,
        }
        self.recovers().await?;
        self.note_blow();
        Ok(true)
    }

    /// Waits until it answers, or the time is over.
    pub async fn answers(&self, until: Instant) {
        while Instant::now() < until && self.admin().await.is_err() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Whether a blow is so recent that the binary may have met it.
    #[must_use]
    pub fn was_hurt(&self) -> bool {
        let last = *self.last_blow.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() < FELT_FOR)
    }

    fn note_blow(&self) {
        *self.last_blow.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn take(&self) -> Option<Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn stop_at_once(&self, away: Duration) -> Result<()> {
        let cluster = self.take().context("the database is being hurt already")?;
        let (home, pid) = (self.home.clone(), Pid::from_raw(cluster.pid()));
        tokio::task::spawn_blocking(move || {
            // Every process drops what it does: nothing is flushed, and the next start recovers from the log.
            kill(pid, Signal::SIGQUIT)?;
            anyhow::Ok(cluster.stop()?)
        })
        .await??;
        tokio::time::sleep(away).await;
        let started = tokio::task::spawn_blocking(move || open(&home)).await??;
        *self.cluster.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        Ok(())
    }

    async fn kill_a_backend(&self) -> Result<()> {
        // Not there when it just recovers from something else: then it is hurt enough.
        let Ok(admin) = self.admin().await else { return Ok(()) };
        let at_work = "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()
            ORDER BY state = 'active' DESC, xact_start NULLS LAST LIMIT 1";
        if let Some(row) = admin.query_opt(at_work, &[&NAME]).await? {
            kill(Pid::from_raw(row.try_get(0)?), Signal::SIGKILL)?;
        }
        Ok(())
    }

    async fn recovers(&self) -> Result<()> {
        let back = || async { self.admin().await.is_ok() };
        storewire_testkit::wait_until(RECOVERS_WITHIN, "PostgreSQL has recovered", back).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.take().map(Cluster::stop) {
            eprintln!("the private PostgreSQL did not stop: {error}");
        }
    }
}

fn open(home: &Path) -> Result<Cluster> {
    Ok(Cluster::start(home, &Account::choose()?, Profile::Lasting, &|_| ())?)
}
