//! A running cluster: made, started or adopted, and stopped.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::pidfile::{self, PidFile};
use crate::postmaster::{self, LOOK_EVERY, READY_WITHIN, running, wait_ready};
use crate::{Account, ClusterError, Profile, Programs, init, make_private_folder};

const STOP_WITHIN: Duration = Duration::from_secs(30);

/// Where a cluster's server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    Socket { folder: PathBuf, port: u16 },
    Loopback { port: u16 },
}

/// A running cluster. Dropping it leaves the server alone; `stop` ends it.
#[derive(Debug)]
pub struct Cluster {
    data: PathBuf,
    pub(crate) programs: Programs,
    pub(crate) endpoint: Endpoint,
    pub(crate) password: String,
    pid: i32,
    /// None for an adopted server.
    child: Option<Child>,
}

impl Cluster {
    /// Makes the cluster in `home` if there is none, and starts its server unless it still runs.
    pub fn start(
        home: &Path,
        account: &Account,
        profile: Profile,
        progress: &dyn Fn(&str),
    ) -> Result<Self, ClusterError> {
        make_private_folder(home, account)?;
        let home = home.canonicalize().map_err(ClusterError::io("find", home))?;
        let programs = init::ensure(&home, account, profile, progress)?;
        let data = home.join("data");
        let password = init::password(&home)?;
        let deadline = Instant::now() + READY_WITHIN;
        if let Some(found) = running(&data) {
            progress(&format!("PostgreSQL still runs (process {}): using it", found.pid));
            if let Some(ready) = wait_ready(&data, None, deadline) {
                return Ok(Self { data, programs, endpoint: endpoint(&ready), password, pid: ready.pid, child: None });
            }
            // It was on its way down: start it again below.
        }
        progress("starting PostgreSQL");
        let log = home.join("postgres.log");
        let mut child = postmaster::spawn(&home, &programs, account, profile, &log)?;
        match wait_ready(&data, Some(&mut child), deadline) {
            Some(ready) => {
                Ok(Self { data, programs, endpoint: endpoint(&ready), password, pid: ready.pid, child: Some(child) })
            }
            None if child.try_wait().ok().flatten().is_some() => {
                Err(ClusterError::NotStarted { tail: postmaster::tail(&log), log })
            }
            None => {
                // Better no server than one nobody knows of.
                let _ = kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGQUIT);
                let _ = child.wait();
                Err(ClusterError::NotReady { log, seconds: READY_WITHIN.as_secs() })
            }
        }
    }

    /// Uses a server that another process keeps, without starting or stopping one.
    pub fn attach(home: &Path) -> Result<Self, ClusterError> {
        let absent = || ClusterError::NotRunning { home: home.to_path_buf() };
        let data = home.canonicalize().map_err(|_| absent())?.join("data");
        let ready = wait_ready(&data, None, Instant::now() + READY_WITHIN).ok_or_else(absent)?;
        let (programs, password) = (init::programs_of(home)?, init::password(home)?);
        Ok(Self { data, programs, endpoint: endpoint(&ready), password, pid: ready.pid, child: None })
    }

    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The server ran before; another process started it.
    pub fn is_adopted(&self) -> bool {
        self.child.is_none()
    }

    /// Ends all sessions, writes a checkpoint and waits until the server is gone.
    pub fn stop(mut self) -> Result<(), ClusterError> {
        for (signal, patience) in [(Signal::SIGINT, STOP_WITHIN), (Signal::SIGQUIT, Duration::from_secs(10))] {
            let _ = kill(Pid::from_raw(self.pid), signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if self.is_gone() {
                    return Ok(());
                }
                thread::sleep(LOOK_EVERY);
            }
        }
        Err(ClusterError::NotStopped { pid: self.pid })
    }

    pub fn is_running(&self) -> bool {
        match PidFile::look(&self.data) {
            Ok(found) => found.is_some_and(|found| found.pid == self.pid && found.is_alive(&self.data)),
            // Its file tells nothing now; whoever cannot open a file must not take the server for ended.
            Err(_) => pidfile::exists(self.pid),
        }
    }

    fn is_gone(&mut self) -> bool {
        match &mut self.child {
            Some(child) => child.try_wait().is_ok_and(|status| status.is_some()),
            None => !self.is_running(),
        }
    }
}

fn endpoint(ready: &PidFile) -> Endpoint {
    match &ready.socket {
        Some(folder) => Endpoint::Socket { folder: folder.clone(), port: ready.port },
        None => Endpoint::Loopback { port: ready.port },
    }
}
