//! The binary under test: started with a place to die at, killed, and asked in its few words.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::api::Api;

const READY_WITHIN: Duration = Duration::from_secs(120);
const STOP_WITHIN: Duration = Duration::from_secs(40);
const COMMAND_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The laboratory's pace: the same code with its intervals and penalties divided.
const PACE: [(&str, &str); 26] = [
    ("ENGINE__PULL_OVERLAP", "15s"),
    ("ENGINE__REQUEST_INTERVAL", "4ms"),
    ("ENGINE__REQUEST_INTERVAL_MIN", "2ms"),
    ("ENGINE__REQUEST_INTERVAL_MAX", "200ms"),
    ("ENGINE__REQUEST_BURST", "50"),
    ("ENGINE__SLOW_ANSWER", "1s"),
    ("ENGINE__PENALTY", "2s"),
    ("ENGINE__RETRY_BASE", "100ms"),
    ("ENGINE__RETRY_CAP", "1s"),
    ("ENGINE__ATTENTION_INTERVAL", "1s"),
    ("ENGINE__STORM_WINDOW", "4s"),
    ("ENGINE__STORM_REST", "1s"),
    ("ENGINE__OUTBOX_SETTLE", "3s"),
    ("ENGINE__OUTBOX_ATTEMPTS", "20"),
    ("ENGINE__WATCH_INTERVAL", "500ms"),
    ("ENGINE__RESTART_WINDOW", "5s"),
    ("ENGINE__RESTART_BASE", "50ms"),
    ("ENGINE__RESTART_CAP", "1s"),
    ("ENGINE__SUPERVISE_INTERVAL", "200ms"),
    // A delivery is not to blame for the kills that it happens to be near.
    ("ENGINE__DELIVERY_ATTEMPTS", "50"),
    ("ENGINE__RECHECK_ATTEMPTS", "50"),
    // Sockets catch up frame by frame: what is left out could not be counted.
    ("ENGINE__RESUME_LIMIT", "1000000"),
    ("DATABASE__STATEMENT_TIMEOUT", "3s"),
    ("OUTBOUND__CONNECT_TIMEOUT", "2s"),
    ("OUTBOUND__TOTAL_TIMEOUT", "4s"),
    ("LOG__LEVEL", "info"),
];

/// How often so many stores are read, in seconds: what a machine with two cores does beside everything else.
fn rounds(stores: usize) -> [(&'static str, String); 4] {
    let seconds = |wanted: usize, least: usize, most: usize| format!("{}s", wanted.clamp(least, most));
    [
        ("ENGINE__PULL_INTERVAL", seconds(stores / 20, 2, 10)),
        ("ENGINE__HOOKS_INTERVAL", seconds(stores / 10, 2, 20)),
        ("ENGINE__SWEEP_INTERVAL", seconds(stores / 4, 10, 50)),
        ("ENGINE__RECONCILE_INTERVAL", seconds(stores / 2, 15, 90)),
    ]
}

/// Where the binary finds what it needs.
#[derive(Debug)]
pub struct Surroundings<'a> {
    pub program: &'a Path,
    pub folder: &'a Path,
    pub database_url: &'a str,
    pub ca_pem: &'a str,
    /// What stores are told to deliver to.
    pub public_url: &'a str,
    pub address: SocketAddr,
    /// How many stores it will keep.
    pub stores: usize,
}

/// See the module. Dropped, it is killed.
#[derive(Debug)]
pub struct Node {
    pub address: SocketAddr,
    /// Where it tells its metrics.
    pub metrics: SocketAddr,
    program: PathBuf,
    settings: Vec<(String, String)>,
    log: PathBuf,
    child: Option<Child>,
}

impl Node {
    /// One at the laboratory's pace.
    ///
    /// # Errors
    /// As `with`.
    pub fn prepare(of: &Surroundings<'_>) -> Result<Self> {
        let pace = PACE.map(|(name, value)| (name, value.to_owned()));
        Self::with(of, pace.into_iter().chain(rounds(of.stores)))
    }

    /// One with these settings beside its addresses: `ENGINE__PULL_INTERVAL` and a value.
    ///
    /// # Errors
    /// If its folder cannot be written to, or no port is free.
    pub fn with(of: &Surroundings<'_>, given: impl IntoIterator<Item = (&'static str, String)>) -> Result<Self> {
        let metrics = crate::port::free()?;
        let ca_file = of.folder.join("shops-ca.pem");
        fs::write(&ca_file, of.ca_pem)?;
        let mut settings: Vec<(String, String)> = [
            ("SERVER__LISTEN", of.address.to_string()),
            ("SERVER__PUBLIC_URL", of.public_url.to_owned()),
            ("METRICS__LISTEN", metrics.to_string()),
            ("DATA_DIR", of.folder.join("data").display().to_string()),
            ("DATABASE__URL", of.database_url.to_owned()),
            ("OUTBOUND__ALLOW_NETWORKS", "127.0.0.0/8".to_owned()),
            ("OUTBOUND__CA_FILE", ca_file.display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        settings.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value)));
        for (name, _) in &mut settings {
            name.insert_str(0, "STOREWIRE__");
        }
        let log = of.folder.join("storewire.log");
        Ok(Self { address: of.address, metrics, program: of.program.to_path_buf(), settings, log, child: None })
    }

    /// Starts the server without waiting for it. `failpoints` is what happens where.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn start(&mut self, failpoints: Option<&str>) -> Result<()> {
        self.kill()?;
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = self.command(&["serve"]);
        command.envs(failpoints.map(|armed| ("FAILPOINTS", armed))).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?);
        Ok(())
    }

    /// Its process, while it was started and not stopped.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = &mut self.child else { bail!("nothing was started") };
        Ok(child.try_wait()?)
    }

    /// Waits until it serves; false if it ended before.
    ///
    /// # Errors
    /// If it does neither.
    pub async fn is_ready(&mut self) -> Result<bool> {
        let deadline = Instant::now() + READY_WITHIN;
        while self.ended()?.is_none() {
            if Api::open(self.address).is_ready().await {
                return Ok(true);
            }
            ensure!(Instant::now() < deadline, "storewire is not ready within {READY_WITHIN:?}\n{}", self.tail());
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(false)
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks politely and waits until it has ended.
    ///
    /// # Errors
    /// If it has to be killed, or ends badly.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(child) = &mut self.child else { return Ok(()) };
        kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGTERM)?;
        let deadline = Instant::now() + STOP_WITHIN;
        loop {
            if let Some(status) = self.ended()? {
                self.child = None;
                ensure!(status.success(), "storewire ended badly ({status})\n{}", self.tail());
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "storewire did not stop within {STOP_WITHIN:?}\n{}", self.tail());
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Runs one of its commands to the end.
    ///
    /// # Errors
    /// If it fails.
    pub async fn run(&self, arguments: &[&str], secrets: &[(&str, &str)]) -> Result<()> {
        let mut command = tokio::process::Command::from(self.command(arguments));
        // Nothing is wrong yet when it is used, only busy.
        let patient = ["CONNECT", "TOTAL"].map(|which| (format!("STOREWIRE__OUTBOUND__{which}_TIMEOUT"), "30s"));
        command.envs(patient).envs(secrets.iter().copied()).kill_on_drop(true);
        let output =
            tokio::time::timeout(COMMAND_WITHIN, command.output()).await.context("a command took too long")??;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{arguments:?} ended with {}: {said}", output.status);
        Ok(())
    }

    /// The end of what the server said.
    #[must_use]
    pub fn tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).envs(self.settings.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.kill();
    }
}

/// The build with named places: the given one, or the demo's.
///
/// # Errors
/// If there is none.
pub fn find_storewire(given: Option<&Path>) -> Result<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/storewire");
    let path = given.map_or(built, Path::to_path_buf);
    path.canonicalize().with_context(|| format!("no {}: cargo build --locked --workspace --bins", path.display()))
}
