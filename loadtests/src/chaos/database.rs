//! The private PostgreSQL of a run, the network before it, and the ways in which it is hurt.

use std::os::unix::fs::{chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use storewire_cluster::{Account, Cluster, Endpoint, Profile};
use storewire_testkit::fault_proxy::Upstream;
use storewire_testkit::{FaultProxy, Volume};
use tokio_postgres::Client;

use super::plan::Blow;

const NAME: &str = "storewire";
/// For so long after a blow a starting binary may find no database.
const FELT_FOR: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const RECOVERS_WITHIN: Duration = Duration::from_secs(60);
/// The volume of the log, and how much log is kept on it; a segment has 16 MiB.
const LOG_VOLUME_MB: u32 = 256;
const LOG_LIMITS: [&str; 2] = ["ALTER SYSTEM SET max_wal_size = '96MB'", "ALTER SYSTEM SET min_wal_size = '32MB'"];

/// See the module. Dropped, it is stopped.
#[derive(Debug)]
pub struct Database {
    home: PathBuf,
    /// The superuser's way to it, which nothing is wrong with.
    pub url: String,
    cluster: Mutex<Option<Cluster>>,
    /// Where its log lives, if that can be filled up.
    volume: Option<Volume>,
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
            volume: None,
            last_blow: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        })
    }

    /// The same with its log on a small volume of its own, where this process may mount one.
    ///
    /// # Errors
    /// As `start`, or if the log cannot be moved.
    pub async fn start_confined(home: &Path) -> Result<Self> {
        let mut database = Self::start(home).await?;
        let Some(volume) = Volume::mount(&home.join("log-volume"), LOG_VOLUME_MB)? else { return Ok(database) };
        let admin = database.admin().await?;
        for limit in LOG_LIMITS {
            admin.batch_execute(limit).await?;
        }
        let cluster = database.take().context("a server")?;
        let (home, place) = (home.to_path_buf(), volume.folder().to_path_buf());
        let moved = tokio::task::spawn_blocking(move || {
            let log = cluster.data().join("pg_wal");
            cluster.stop()?;
            chown(&place, Some(Account::choose()?.uid()), None)?;
            let place = place.join("pg_wal");
            ensure!(Command::new("cp").arg("-a").args([&log, &place]).status()?.success(), "the log was not copied");
            std::fs::remove_dir_all(&log)?;
            symlink(&place, &log)?;
            open(&home)
        });
        database.put(moved.await??);
        database.volume = Some(volume);
        Ok(database)
    }

    /// A network before it that can fail, and the superuser's way through that.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn wire(&self, seed: u64) -> Result<(FaultProxy, String)> {
        let upstream = match self.cluster.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Cluster::endpoint)
        {
            Some(Endpoint::Socket { folder, port }) => Upstream::Unix(folder.join(format!(".s.PGSQL.{port}"))),
            Some(Endpoint::Loopback { port }) => Upstream::Tcp(([127, 0, 0, 1], *port).into()),
            None => anyhow::bail!("PostgreSQL was stopped"),
        };
        let wire = FaultProxy::seeded(upstream, seed).await?;
        let login = self.url.split_once('@').map_or(self.url.as_str(), |(login, _)| login);
        let url = format!("{login}@{}/{NAME}", wire.addr());
        Ok((wire, url))
    }

    /// A superuser's connection: sees every row. A blow ends it.
    ///
    /// # Errors
    /// If the server is away.
    pub async fn admin(&self) -> Result<Client> {
        storewire_oracle::connect(&self.url).await
    }

    /// The server's first process.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn pid(&self) -> Result<u32> {
        let cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(u32::try_from(cluster.as_ref().context("PostgreSQL was stopped")?.pid())?)
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
            Blow::Full { for_ms } => match &self.volume {
                Some(volume) => self.fill(volume, Duration::from_millis(for_ms)).await?,
                None => return Ok(false),
            },
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

    /// Notes that it is about to be hurt, here or on the way to it.
    pub fn note_blow(&self) {
        *self.last_blow.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn take(&self) -> Option<Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, cluster: Cluster) {
        *self.cluster.lock().unwrap_or_else(PoisonError::into_inner) = Some(cluster);
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
        self.put(started);
        Ok(())
    }

    /// Leaves no room for its log, has it ask for some, and gives the room back.
    async fn fill(&self, volume: &Volume, lasting: Duration) -> Result<()> {
        volume.fill()?;
        let over = Instant::now() + lasting;
        while Instant::now() < over {
            // Sooner or later there is no segment left, and the server ends itself.
            if let Ok(admin) = self.admin().await {
                let _ = admin.execute("SELECT pg_switch_wal()", &[]).await;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        volume.empty()?;
        let deadline = Instant::now() + RECOVERS_WITHIN;
        while self.admin().await.is_err() && Instant::now() < deadline {
            if let Some(dead) = self.take_dead() {
                let home = self.home.clone();
                let started = tokio::task::spawn_blocking(move || {
                    dead.stop()?;
                    open(&home)
                });
                self.put(started.await??);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// The server, if even its first process has ended.
    fn take_dead(&self) -> Option<Cluster> {
        let mut cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        cluster.take_if(|cluster| !cluster.is_running())
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
