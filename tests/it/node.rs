//! A node as an operator runs it: the real binary as a child, with a data folder of its own.

use std::{
    fs::File,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use storesim::{Fleet, FleetConfig, StoreInfo};
use storewire_cluster::Cluster;
use storewire_oracle::Sim;
use tempfile::TempDir;

pub const PASSWORD: &str = "a password for tests only";

/// A data folder, a port, and the process that may be running on them.
pub struct Node {
    pub folder: TempDir,
    pub port: u16,
    settings: Vec<(String, String)>,
    /// Where a test's own questions go, unless the node keeps a database of its own.
    admin_url: Option<String>,
    child: Option<Child>,
}

impl Node {
    /// Prepares a node that talks to the fleet; nothing runs yet.
    pub fn prepare(fleet: &Fleet) -> Result<Self> {
        Self::trusting(fleet.ca_pem())
    }

    /// The same for shops whose certificates this authority signed.
    pub fn trusting(ca_pem: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sw-").tempdir()?;
        let ca_file = folder.path().join("shops-ca.pem");
        std::fs::write(&ca_file, ca_pem)?;
        let port = free_port()?;
        let mut node = Self { folder, port, settings: Vec::new(), admin_url: None, child: None };
        node.set("STOREWIRE__SERVER__LISTEN", format!("127.0.0.1:{port}"));
        node.set("STOREWIRE__SERVER__PUBLIC_URL", node.url(""));
        node.set("STOREWIRE__METRICS__LISTEN", format!("127.0.0.1:{}", free_port()?));
        node.set("STOREWIRE__DATA_DIR", node.data_dir().display().to_string());
        node.set("STOREWIRE__OUTBOUND__ALLOW_NETWORKS", "127.0.0.0/8".to_owned());
        node.set("STOREWIRE__OUTBOUND__CA_FILE", ca_file.display().to_string());
        // The laboratory's pace: the same code, shorter intervals.
        for (key, value) in [
            ("PULL_INTERVAL", "2s"),
            ("PULL_OVERLAP", "10s"),
            ("REQUEST_INTERVAL", "2ms"),
            ("REQUEST_BURST", "50"),
            ("RETRY_BASE", "100ms"),
            ("RETRY_CAP", "1s"),
            ("HOOKS_INTERVAL", "2s"),
            ("SUPERVISE_INTERVAL", "200ms"),
        ] {
            node.set(&format!("STOREWIRE__ENGINE__{key}"), value.to_owned());
        }
        Ok(node)
    }

    /// Sets one more variable of its environment.
    pub fn set(&mut self, name: &str, value: String) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value));
    }

    /// Has it use this database; a test's own questions go the other way.
    pub fn use_database(&mut self, url: &str, admin_url: &str) {
        self.set("STOREWIRE__DATABASE__URL", url.to_owned());
        self.admin_url = Some(admin_url.to_owned());
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program with the node's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storewire"));
        command.args(arguments).envs(self.settings.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end and answers what it printed.
    pub fn run(&self, arguments: &[&str], secrets: &[(&str, &str)]) -> Result<String> {
        let output = self.command(arguments).envs(secrets.iter().copied()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{arguments:?} ended with {}: {said}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&mut self) -> Result<()> {
        self.start_with(&[]).await
    }

    /// The same, with more variables for this start only.
    pub async fn start_with(&mut self, more: &[(&str, &str)]) -> Result<()> {
        self.launch(more)?;
        self.is_ready().await
    }

    /// Starts the server without waiting for it.
    pub fn launch(&mut self, more: &[(&str, &str)]) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command(&["serve"]);
        command.envs(more.iter().copied()).stdout(log.try_clone()?).stderr(log);
        self.run_by(command)
    }

    /// Starts the server by a command that was made of [`Node::command`].
    pub fn run_by(&mut self, mut command: Command) -> Result<()> {
        self.child = Some(command.spawn().context("cannot start storewire")?);
        Ok(())
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.as_mut().context("nothing was started")?.try_wait()?)
    }

    /// Waits until it is ready.
    pub async fn is_ready(&self) -> Result<()> {
        let address = format!("127.0.0.1:{}", self.port);
        until(Duration::from_secs(60), "the node is ready", || {
            let address = address.clone();
            async move { is_ready(&address).await }
        })
        .await
        .with_context(|| self.tail())
    }

    /// Of the running server.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks politely and waits until it has ended.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id())?);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM)?;
        let status = child.wait()?;
        ensure!(status.success(), "the node ended with {status}: {}", self.tail());
        Ok(())
    }

    /// A superuser's connection to the node's database: sees every row.
    pub async fn admin(&self) -> Result<tokio_postgres::Client> {
        let url = match &self.admin_url {
            Some(url) => url.clone(),
            None => Cluster::attach(&self.data_dir().join("postgres"))?.admin_url("storewire"),
        };
        let (client, driver) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(driver);
        Ok(client)
    }

    /// Connects a shop by the command line, as an operator would.
    pub fn connect(&self, shop: &StoreInfo, tenant: &str) -> Result<()> {
        self.run(
            &["store", "add", "--tenant", tenant, "--url", &shop.home_url, "--name", &shop.name],
            &[("STOREWIRE_CONSUMER_KEY", &shop.consumer_key), ("STOREWIRE_CONSUMER_SECRET", &shop.consumer_secret)],
        )
        .map(drop)
    }

    /// Creates a person; `PASSWORD` is theirs.
    pub fn create_user(&self, email: &str, role: &str, tenant: Option<&str>) -> Result<()> {
        let mut arguments = vec!["user", "create", "--email", email, "--role", role];
        arguments.extend(tenant.iter().flat_map(|tenant| ["--tenant", *tenant]));
        self.run(&arguments, &[("STOREWIRE_PASSWORD", PASSWORD)]).map(drop)
    }

    /// Waits until every connected store is in this state.
    pub async fn stores_are(&self, state: &str, count: i64) -> Result<()> {
        let admin = self.admin().await?;
        until(Duration::from_secs(60), &format!("{count} stores are {state}"), || async {
            let row = admin.query_one("SELECT count(*) FROM store WHERE state = $1", &[&state]).await?;
            Ok(row.get::<_, i64>(0) == count)
        })
        .await
        .with_context(|| self.tail())
    }

    /// What it counts.
    pub async fn metrics(&self) -> Result<String> {
        let address = self.settings.iter().find(|(name, _)| name == "STOREWIRE__METRICS__LISTEN");
        get(&address.context("it has a listener for them")?.1, "/metrics").await
    }

    /// The end of what the server said.
    pub fn tail(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.stop();
        // A killed node leaves its PostgreSQL for the next start to adopt; there is none after a test.
        if let Ok(cluster) = Cluster::attach(&self.data_dir().join("postgres")) {
            let _ = cluster.stop();
        }
    }
}

/// Waits until the condition holds; one that cannot be asked does not hold yet.
pub async fn until<C, F>(within: Duration, what: &str, mut condition: C) -> Result<()>
where
    C: FnMut() -> F,
    F: Future<Output = Result<bool>>,
{
    storewire_testkit::wait_until(within, what, || {
        let asked = condition();
        async { asked.await.unwrap_or(false) }
    })
    .await
}

/// A small fleet without traffic of its own.
pub async fn fleet(stores: usize) -> Result<Fleet> {
    let config = FleetConfig {
        listen: ([127, 0, 0, 1], free_port()?).into(),
        stores,
        rate: 0.0,
        orders_per_store: 30,
        products_per_store: 12,
        ..FleetConfig::default()
    };
    Fleet::start(config).await
}

pub fn sim(fleet: &Fleet) -> Sim {
    Sim::at(fleet.addr())
}

/// A port outside the range from which clients are given theirs, so that no client takes it first.
pub fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Neighbouring processes begin far from each other.
    let start = u16::try_from(std::process::id().wrapping_mul(7_919) % 12_000)?;
    for _ in 0..1_000 {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port")
}

async fn is_ready(address: &str) -> Result<bool> {
    Ok(get(address, "/readyz").await?.contains(" 200 "))
}

/// The answer to a request, head and all.
async fn get(address: &str, path: &str) -> Result<String> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
