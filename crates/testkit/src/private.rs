//! A PostgreSQL of a test's own that keeps what it commits: to be stopped, struck down, filled up and cut off.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, chown};
use storewire_cluster::{Account, Cluster, Profile};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::{
    FaultProxy, Volume,
    cluster::{by, socket_of},
};

const DATABASE: &str = "storewire";

/// How a server is told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Sessions are ended, a checkpoint is written (`pg_ctl stop -m fast`).
    Fast,
    /// Every process drops what it does, and the next start recovers from the log (`-m immediate`).
    Immediate,
}

/// See the module. It ends when this is dropped.
#[derive(Debug)]
pub struct PrivateCluster {
    volumes: Vec<Arc<Volume>>,
    folder: TempDir,
    account: Account,
    cluster: Option<Cluster>,
    url: String,
    socket: PathBuf,
}

impl PrivateCluster {
    /// Makes one, with an empty database, and starts it.
    ///
    /// # Errors
    /// If PostgreSQL's programs are missing or refuse.
    pub async fn start() -> Result<Self> {
        let made = tokio::task::spawn_blocking(|| {
            // The server's unprivileged user must reach what is inside.
            let open = Permissions::from_mode(0o755);
            let folder = tempfile::Builder::new().prefix("sw-pg-").permissions(open).tempdir()?;
            let account = Account::choose()?;
            let cluster = begin(folder.path(), &account)?;
            cluster.ensure_database(DATABASE)?;
            let url = cluster.admin_url(DATABASE);
            let socket = socket_of(&cluster)?;
            Ok(Self { volumes: Vec::new(), folder, account, cluster: Some(cluster), url, socket })
        });
        made.await?
    }

    /// The superuser's address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the server listens: for a [`FaultProxy`] before it.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.socket.clone()
    }

    /// The superuser's address by way of a proxy.
    #[must_use]
    pub fn url_by(&self, proxy: &FaultProxy) -> String {
        by(&self.url, proxy)
    }

    /// A superuser's connection: sees every row.
    ///
    /// # Errors
    /// If the server is away.
    pub async fn admin(&self) -> Result<Client> {
        let (client, driver) = tokio_postgres::connect(&self.url, NoTls).await?;
        tokio::spawn(driver);
        Ok(client)
    }

    /// Ends the server and waits until it is gone.
    ///
    /// # Errors
    /// If it does not end.
    pub async fn stop(&mut self, manner: Manner) -> Result<()> {
        let Some(cluster) = self.cluster.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || {
            if manner == Manner::Immediate {
                // One that has ended by itself needs no word.
                let _ = kill(Pid::from_raw(cluster.pid()), Signal::SIGQUIT);
            }
            anyhow::Ok(cluster.stop()?)
        })
        .await?
    }

    /// Starts a server that was stopped, or has ended by itself, and waits until it serves.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn go_on(&mut self) -> Result<()> {
        self.stop(Manner::Immediate).await?;
        let (home, account) = (self.folder.path().to_path_buf(), self.account.clone());
        self.cluster = Some(tokio::task::spawn_blocking(move || begin(&home, &account)).await??);
        Ok(())
    }

    /// Whether the server's first process is there.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.cluster.as_ref().is_some_and(Cluster::is_running)
    }

    /// Mounts a volume of this size for the server, which goes with it; `None`, with the reason printed, where this process may not.
    ///
    /// # Errors
    /// If it cannot be handed to the server's user.
    pub fn volume(&mut self, name: &str, mebibytes: u32) -> Result<Option<Arc<Volume>>> {
        let mounted = Volume::mount(&self.folder.path().join(name), mebibytes)?;
        let Some(volume) = mounted.map(Arc::new) else { return Ok(None) };
        self.volumes.push(Arc::clone(&volume));
        self.give(volume.folder())?;
        Ok(Some(volume))
    }

    /// Has the write-ahead log live on a volume from the next start on. The server must be stopped.
    ///
    /// # Errors
    /// If it runs, or the files cannot be moved.
    pub fn move_log_to(&self, volume: &Volume) -> Result<()> {
        ensure!(self.cluster.is_none(), "the server runs");
        let (log, place) = (self.folder.path().join("pg/data/pg_wal"), volume.folder().join("pg_wal"));
        let copied = Command::new("cp").arg("-a").args([&log, &place]).status().context("cp")?;
        ensure!(copied.success(), "the log was not copied");
        fs::remove_dir_all(&log)?;
        symlink(&place, &log)?;
        Ok(())
    }

    /// Moves the database to a volume, at once. It ends all its sessions.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn move_database_to(&self, volume: &Volume) -> Result<()> {
        let place = volume.folder().join("rows");
        fs::create_dir(&place)?;
        self.give(&place)?;
        let (admin, driver) = tokio_postgres::connect(&self.url.replace(DATABASE, "postgres"), NoTls).await?;
        tokio::spawn(driver);
        admin.batch_execute(&format!("CREATE TABLESPACE volume LOCATION '{}'", place.display())).await?;
        admin
            .execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", &[&DATABASE])
            .await?;
        Ok(admin.batch_execute(&format!("ALTER DATABASE {DATABASE} SET TABLESPACE volume")).await?)
    }

    fn give(&self, folder: &Path) -> Result<()> {
        Ok(chown(folder, Some(self.account.uid().into()), None)?)
    }
}

impl Drop for PrivateCluster {
    fn drop(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            let _ = kill(Pid::from_raw(cluster.pid()), Signal::SIGQUIT);
            if let Err(error) = cluster.stop() {
                eprintln!("a private PostgreSQL did not stop: {error}");
            }
        }
        // The folder could not be removed otherwise.
        for volume in &self.volumes {
            volume.unmount();
        }
    }
}

fn begin(folder: &Path, account: &Account) -> Result<Cluster> {
    Ok(Cluster::start(&folder.join("pg"), account, Profile::Lasting, &|_| ())?)
}
