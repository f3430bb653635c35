//! Starts, adopts and stops the server process of a cluster.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::init::{self, SUPERUSER};
use crate::pidfile::PidFile;
use crate::{Account, ClusterError, Profile, Programs, make_private_folder, settings};

/// The longest path the system takes for a socket, without its closing zero.
const LONGEST_SOCKET_PATH: usize = 107;
/// In a private folder the number only names the socket file.
const SOCKET_PORT: u16 = 5432;
/// Recovery after a power cut replays the log of one checkpoint interval.
const READY_WITHIN: Duration = Duration::from_secs(120);
const STOP_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const LARGEST_LOG: u64 = 8 << 20;

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
    programs: Programs,
    endpoint: Endpoint,
    password: String,
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
        let mut child = spawn(&home, &programs, account, profile, &log)?;
        match wait_ready(&data, Some(&mut child), deadline) {
            Some(ready) => {
                Ok(Self { data, programs, endpoint: endpoint(&ready), password, pid: ready.pid, child: Some(child) })
            }
            None if child.try_wait().ok().flatten().is_some() => {
                Err(ClusterError::NotStarted { tail: tail(&log), log })
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

    /// The superuser's address for one database of the cluster. It holds the password: never log it.
    pub fn admin_url(&self, database: &str) -> String {
        let (host, port) = match &self.endpoint {
            Endpoint::Socket { folder, port } => (percent_encode(&folder.to_string_lossy()), port),
            Endpoint::Loopback { port } => ("127.0.0.1".to_owned(), port),
        };
        format!("postgresql://{SUPERUSER}:{}@{host}:{port}/{database}", self.password)
    }

    /// Makes the database `name` unless it is there.
    pub fn ensure_database(&self, name: &str) -> Result<(), ClusterError> {
        let found = self.psql(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"))?;
        if found == "0" { self.psql(&format!("CREATE DATABASE {name}")).map(drop) } else { Ok(()) }
    }

    /// Drops the database `name`, and every session in it.
    pub fn drop_database(&self, name: &str) -> Result<(), ClusterError> {
        self.psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).map(drop)
    }

    /// One statement by PostgreSQL's own client, so that this crate needs no driver. The names in it are ours.
    fn psql(&self, statement: &str) -> Result<String, ClusterError> {
        let program = self.programs.path("psql");
        let (host, port) = match &self.endpoint {
            Endpoint::Socket { folder, port } => (folder.as_os_str(), port),
            Endpoint::Loopback { port } => ("127.0.0.1".as_ref(), port),
        };
        let output = Command::new(&program)
            .env_clear()
            // Everybody can read the arguments of a process, only its owner the environment.
            .env("PGPASSWORD", &self.password)
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-U", SUPERUSER, "-d", "postgres", "-p", &port.to_string(), "-h"])
            .arg(host)
            .args(["-c", statement])
            .stdin(Stdio::null())
            .output()
            .map_err(ClusterError::io("run", program))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(ClusterError::Program {
            program: "psql",
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
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
        running(&self.data).is_some_and(|found| found.pid == self.pid)
    }

    fn is_gone(&mut self) -> bool {
        match &mut self.child {
            Some(child) => child.try_wait().is_ok_and(|status| status.is_some()),
            None => !self.is_running(),
        }
    }
}

fn running(data: &Path) -> Option<PidFile> {
    PidFile::read(data).filter(|found| found.is_alive(data))
}

fn endpoint(ready: &PidFile) -> Endpoint {
    match &ready.socket {
        Some(folder) => Endpoint::Socket { folder: folder.clone(), port: ready.port },
        None => Endpoint::Loopback { port: ready.port },
    }
}

/// Waits for "ready" in the server's own file; None when it ended or the time is over.
fn wait_ready(data: &Path, mut child: Option<&mut Child>, deadline: Instant) -> Option<PidFile> {
    while Instant::now() < deadline {
        let found = running(data);
        let ended = match &mut child {
            Some(child) => child.try_wait().ok().flatten().is_some(),
            None => found.is_none(),
        };
        if ended {
            return None;
        }
        if let Some(ready) = found.filter(|found| found.ready) {
            return Some(ready);
        }
        thread::sleep(LOOK_EVERY);
    }
    None
}

fn spawn(
    home: &Path,
    programs: &Programs,
    account: &Account,
    profile: Profile,
    log: &Path,
) -> Result<Child, ClusterError> {
    let run = home.join("run");
    make_private_folder(&run, account)?;
    let longest = run.join(format!(".s.PGSQL.{SOCKET_PORT}")).as_os_str().len();
    let (socket, port) = if longest <= LONGEST_SOCKET_PATH {
        (Some(run.as_path()), SOCKET_PORT)
    } else {
        (None, free_port().map_err(ClusterError::io("find a free port for", home))?)
    };
    let output = open_log(log)?;
    let errors = output.try_clone().map_err(ClusterError::io("open", log))?;
    let program = programs.path("postgres");
    let mut command = account.command(&program);
    command.current_dir(home).arg("-D").arg(home.join("data"));
    for (name, value) in settings::common(socket, port) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in profile.settings() {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // Its own process group: the terminal's Ctrl-C is for us, we stop the server when our work is put away.
    command.process_group(0).stdout(Stdio::from(output)).stderr(Stdio::from(errors));
    command.spawn().map_err(ClusterError::io("run", program))
}

/// The port is free now; if somebody takes it before the server does, the start fails and says so.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn open_log(path: &Path) -> Result<File, ClusterError> {
    let large = fs::metadata(path).is_ok_and(|found| found.len() > LARGEST_LOG);
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    if large {
        options.write(true).truncate(true)
    } else {
        options.append(true)
    };
    options.open(path).map_err(ClusterError::io("open", path))
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
}

/// For the host part of a connection address, where a socket's folder is written with `%2F`.
fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
