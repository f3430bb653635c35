//! The binary under test: as a server, and as the commands that set it up.

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

/// A running server. Dropped, it is killed.
pub struct Product {
    pub address: SocketAddr,
    program: PathBuf,
    config: PathBuf,
    log: PathBuf,
    server: Child,
}

impl Product {
    /// # Errors
    /// If the program cannot be run.
    pub async fn start(program: &Path, folder: &Path, database_url: &str, ca_pem: &str) -> Result<Self> {
        let (address, metrics) = (port::free()?, port::free()?);
        let (config, ca_file, log) = (folder.join("config.toml"), folder.join("ca.pem"), folder.join("storewire.log"));
        fs::write(&ca_file, ca_pem)?;
        let data_dir = folder.join("data");
        // As shipped, but for addresses and for the pace of the first import, which is over before anything is measured.
        let text = format!(
            "data_dir = {data_dir:?}\n\
             [server]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n\
             [metrics]\nlisten = \"{metrics}\"\n\
             [database]\nurl = {database_url:?}\n\
             [outbound]\nallow_networks = [\"127.0.0.0/8\"]\nca_file = {ca_file:?}\n\
             [engine]\nrequest_interval = \"10ms\"\n\
             [log]\nformat = \"human\"\nlevel = \"warn\"\n"
        );
        // It holds the superuser's password.
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&config)?;
        file.write_all(text.as_bytes())?;

        let output = File::create(&log)?;
        let server = command(program, "serve", &config)
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output))
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        Ok(Self { address, program: program.to_path_buf(), config, log, server })
    }

    /// None when it has ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.server.id()
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

    /// Ends the server in order.
    ///
    /// # Errors
    /// If it has to be killed, or says that something went wrong.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(pid) = self.server.id() {
            kill(Pid::from_raw(i32::try_from(pid)?), Signal::SIGTERM)?;
        }
        let Ok(status) = timeout(STOP_WITHIN, self.server.wait()).await else {
            self.server.kill().await?;
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

    fn tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

fn command(program: &Path, name: &str, config: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(name).arg("--config").arg(config).stdin(Stdio::null()).kill_on_drop(true);
    command
}
