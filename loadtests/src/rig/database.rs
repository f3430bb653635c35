//! The private PostgreSQL of a run, which can be killed and started again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use storewire_cluster::{Account, Cluster, Profile};

use crate::cpu;

const NAME: &str = "storewire";

/// See the module. Dropped, it is stopped.
pub(super) struct Database {
    home: PathBuf,
    pub(super) url: String,
    cluster: Option<Cluster>,
}

impl Database {
    /// Makes and starts a server that syncs its commits.
    pub(super) async fn start(home: PathBuf) -> Result<Self> {
        let cluster = open(&home).await?;
        let url = cluster.admin_url(NAME);
        Ok(Self { home, url, cluster: Some(cluster) })
    }

    /// CPU time so far of the server with all its backends.
    pub(super) fn cpu(&self) -> Result<Duration> {
        cpu::of_tree(u32::try_from(self.pid()?)?)
    }

    /// `kill -9` of the server and of every backend, as when the machine's power fails.
    pub(super) async fn kill(&mut self) -> Result<()> {
        let server = self.pid()?;
        for pid in cpu::tree(u32::try_from(server)?)? {
            // A backend may have ended by itself since.
            let _ = kill(Pid::from_raw(i32::try_from(pid)?), Signal::SIGKILL);
        }
        let Some(cluster) = self.cluster.take() else { return Ok(()) };
        // Buries it: nothing is left to stop.
        Ok(tokio::task::spawn_blocking(move || cluster.stop()).await??)
    }

    /// Starts it again where it lies; returns when it has recovered.
    pub(super) async fn start_again(&mut self) -> Result<()> {
        self.cluster = Some(open(&self.home).await?);
        Ok(())
    }

    fn pid(&self) -> Result<i32> {
        Ok(self.cluster.as_ref().context("PostgreSQL was stopped")?.pid())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.cluster.take().map(Cluster::stop) {
            eprintln!("the private PostgreSQL did not stop: {error}");
        }
    }
}

async fn open(home: &Path) -> Result<Cluster> {
    let home = home.to_path_buf();
    let started = tokio::task::spawn_blocking(move || {
        let cluster = Cluster::start(&home, &Account::choose()?, Profile::Lasting, &|_| ())?;
        cluster.ensure_database(NAME)?;
        anyhow::Ok(cluster)
    });
    started.await?
}
