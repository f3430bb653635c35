//! The binary under test: as a server that can be killed and started again, and as the commands that set it up.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use storesim::StoreInfo;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::port;

const COMMAND_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(40);

/// What the configuration says that is no constant.
pub struct Surroundings<'a> {
    pub program: &'a Path,
    pub folder: &'a Path,
    pub database_url: &'a str,
    pub ca_pem: &'a str,
    /// Further settings of the engine.
    pub engine: &'a [(&'a str, &'a str)],
}

/// See the module. Dropped, it is killed.
pub struct Product {
    pub address: SocketAddr,
    program: PathBuf,
    config: PathBuf,
    log: PathBuf,
    server: Option<Child>,
}

impl Product {
    /// Writes its configuration; starts nothing.
    ///
    /// # Errors
    /// If no port is free, or the folder cannot be written to.
    pub fn prepare(of: &Surroundings<'_>) -> Result<Self> {
        let (address, metrics) = (port::free()?, port::free()?);
        let name = |file: &str| of.folder.join(file);
        let (config, ca_file, log) = (name("config.toml"), name("ca.pem"), name("storewire.log"));
        fs::write(&ca_file, of.ca_pem)?;
        let (data_dir, database_url) = (name("data"), of.database_url);
        let engine: String = of.engine.iter().map(|(key, value)| format!("{key} = {value:?}\n")).collect();
        // As shipped, but for addresses and for what a test needs to be over sooner.
        let text = format!(
            "data_dir = {data_dir:?}\n\
             [server]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n\
             [metrics]\nlisten = \"{metrics}\"\n\
             [database]\nurl = {database_url:?}\n\
             [outbound]\nallow_networks = [\"127.0.0.0/8\"]\nca_file = {ca_file:?}\n\
             [engine]\n{engine}\
             [log]\nformat = \"human\"\nlevel = \"warn\"\n"
        );
        // It holds the superuser's password.
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&config)?;
        file.write_all(text.as_bytes())?;
        Ok(Self { address, program: of.program.to_path_buf(), config, log, server: None })
    }

    /// Starts the server without waiting for it.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn launch(&mut self) -> Result<()> {
        let output = File::options().create(true).append(true).open(&self.log)?;
        let server = Command::new(&self.program)
            .arg("serve")
            .arg("--config")
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output))
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        self.server = Some(server);
        Ok(())
    }

    /// # Errors
    /// When it has ended.
    pub fn pid(&self) -> Result<u32> {
        self.server.as_ref().and_then(Child::id).with_context(|| format!("storewire has ended\n{}", self.tail()))
    }

    /// # Errors
    /// If the command fails.
    pub async fn create_user(&self, email: &str, password: &str) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(["user", "create", "--email", email, "--role", "platform-admin"]);
        command.env("STOREWIRE_PASSWORD", password);
        self.run(command).await
    }

    /// # Errors
    /// If the command fails.
    pub async fn add_store(&self, store: &StoreInfo, token: &str, secret: &str) -> Result<()> {
        let mut command = Command::new(&self.program);
        command
            .args(["store", "add", "--tenant", "Load test", "--url", &store.home_url])
            .env("STOREWIRE_CONSUMER_KEY", &store.consumer_key)
            .env("STOREWIRE_CONSUMER_SECRET", &store.consumer_secret)
            .env("STOREWIRE_WEBHOOK_TOKEN", token)
            .env("STOREWIRE_WEBHOOK_SECRET", secret);
        self.run(command).await
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// If the system refuses.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill().await?;
        }
        Ok(())
    }

    /// Ends the server in order.
    ///
    /// # Errors
    /// If it has to be killed, or says that something went wrong.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        if let Some(pid) = server.id() {
            kill(Pid::from_raw(i32::try_from(pid)?), Signal::SIGTERM)?;
        }
        let Ok(status) = timeout(STOP_WITHIN, server.wait()).await else {
            server.kill().await?;
            bail!("storewire did not stop within {STOP_WITHIN:?}: it was killed\n{}", self.tail());
        };
        let status = status?;
        ensure!(status.success(), "storewire ended badly ({status})\n{}", self.tail());
        Ok(())
    }

    async fn run(&self, mut command: Command) -> Result<()> {
        command.arg("--config").arg(&self.config).stdin(Stdio::null()).kill_on_drop(true);
        let output = timeout(COMMAND_WITHIN, command.output()).await.context("a command took too long")??;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{:?} failed: {said}\n{}", command.as_std().get_args().take(2).collect::<Vec<_>>(), self.tail());
        }
        Ok(())
    }

    /// The last lines of its log.
    #[must_use]
    pub fn tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}
