//! The one PostgreSQL server that all test processes of this machine's user share.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail, ensure};
use nix::unistd::geteuid;
use storewire_cluster::{Account, Cluster, Endpoint, Profile};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::{Client, NoTls};

use crate::{FaultProxy, reaper};

/// Only the owner of the server's folder reaches its socket, so this need not be a secret.
const APP_PASSWORD: &str = "the tests' own";
/// Other work trees of the same user may use other schemas at the same time.
const TEMPLATES_KEPT: i64 = 4;

#[derive(Debug)]
pub(crate) struct Shared {
    cluster: Cluster,
    pub(crate) template: String,
    /// Drives every database connection, so that none depends on the short life of one test's runtime.
    runtime: Runtime,
    /// Held, shared, as long as this process lives: the server is stopped when nobody holds it.
    _users: File,
}

impl Shared {
    /// The server, started by whoever comes first.
    pub(crate) fn get() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
        // On a thread of its own: a test's runtime allows neither blocking nor another runtime within it.
        let started = SHARED.get_or_init(|| {
            let thread = std::thread::spawn(Self::start);
            let result = thread.join().unwrap_or_else(|_| Err(anyhow!("the start of the test server panicked")));
            result.map_err(|error| format!("{error:#}"))
        });
        started.as_ref().map_err(|error| anyhow!("{error}"))
    }

    pub(crate) fn drivers(&self) -> &Handle {
        self.runtime.handle()
    }

    pub(crate) fn admin_url(&self, database: &str) -> String {
        self.cluster.admin_url(database)
    }

    /// Where the server listens, if its folder's name is short enough for a socket.
    pub(crate) fn socket(&self) -> Result<PathBuf> {
        socket_of(&self.cluster)
    }

    pub(crate) async fn admin(&self, database: &str) -> Result<Client> {
        connect(&self.admin_url(database), self.drivers()).await
    }

    fn start() -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("test-db").enable_all().build()?;
        let folder = folder()?;
        let users = lock_file(&folder.join("users.lock"))?;
        users.lock_shared()?;
        let start = lock_file(&folder.join("start.lock"))?;
        start.lock()?;

        let home = folder.join("pg");
        let cluster = start_cluster(&home, &folder.join("users.lock"))?;
        let template = runtime.block_on(prepare(&cluster, runtime.handle()))?;
        start.unlock()?;
        Ok(Self { cluster, template, runtime, _users: users })
    }
}

pub(crate) fn socket_of(cluster: &Cluster) -> Result<PathBuf> {
    match cluster.endpoint() {
        Endpoint::Socket { folder, port } => Ok(folder.join(format!(".s.PGSQL.{port}"))),
        Endpoint::Loopback { .. } => bail!("the temporary folder's name is too long for a socket"),
    }
}

/// The same login and database by way of a proxy.
pub(crate) fn by(url: &str, proxy: &FaultProxy) -> String {
    let login = url.split_once('@').map_or(url, |(login, _)| login);
    let database = url.rsplit_once('/').map_or("", |(_, database)| database);
    format!("{login}@{}/{database}", proxy.addr())
}

fn start_cluster(home: &Path, users: &Path) -> Result<Cluster> {
    let account = Account::choose()?;
    let started = Cluster::start(home, &account, Profile::Scratch, &|_| ()).or_else(|_| {
        // It writes without fsync: after a power cut it may be beyond repair, and there is nothing in it to keep.
        fs::remove_dir_all(home).ok();
        Cluster::start(home, &account, Profile::Scratch, &|_| ())
    })?;
    if !started.is_adopted() {
        reaper::watch(users, started.pid(), started.data())?;
    }
    Ok(started)
}

/// Drops what dead test processes left and answers the name of the template with today's schema.
async fn prepare(cluster: &Cluster, drivers: &Handle) -> Result<String> {
    let admin = connect(&cluster.admin_url("postgres"), drivers).await?;
    for row in admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'sw\\_test\\_%'", &[]).await? {
        let name: String = row.try_get(0)?;
        let owner = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            // Another test process may be dropping it as well.
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok();
        }
    }

    let template = format!("sw_template_{:016x}", fingerprint()?);
    let exists = admin.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&template]).await?;
    if exists.is_none() {
        let unfinished = format!("{template}_new");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await?;
        admin.batch_execute(&format!("CREATE DATABASE {unfinished}")).await?;
        storewire_db::bootstrap::prepare(&cluster.admin_url(&unfinished), APP_PASSWORD, drivers).await?;
        // Its connection may not be closed yet, and a database in use can be neither renamed nor cloned.
        admin
            .execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", &[&unfinished])
            .await?;
        admin.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await?;
        admin.batch_execute(&format!("ALTER DATABASE {template} ALLOW_CONNECTIONS false")).await?;
    }
    let old = "SELECT datname FROM pg_database WHERE datname LIKE 'sw\\_template\\_%' ORDER BY oid DESC OFFSET $1";
    for row in admin.query(old, &[&TEMPLATES_KEPT]).await? {
        let name: String = row.try_get(0)?;
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.ok();
    }
    Ok(template)
}

pub(crate) fn app_url(admin_url: &str) -> Result<String> {
    let (_, host) = admin_url.split_once('@').context("an address without a login")?;
    let password: String = APP_PASSWORD.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Ok(format!("postgresql://{}:{password}@{host}", storewire_db::bootstrap::APP_ROLE))
}

async fn connect(url: &str, drivers: &Handle) -> Result<Client> {
    let url = url.to_owned();
    drivers
        .spawn(async move {
            let (client, driver) = tokio_postgres::connect(&url, NoTls).await?;
            tokio::spawn(driver);
            Ok(client)
        })
        .await?
}

/// Changes with every migration, and with the code that prepares a database around them.
fn fingerprint() -> Result<u64> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("migrations"))?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files.extend(["bootstrap.rs", "migrations.rs"].map(|name| root.join("crates/db/src").join(name)));
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.file_name().hash(&mut hasher);
        fs::read(&path)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// In the temporary folder rather than under `target/`: the path of a socket must be short, and an unprivileged server
/// must reach it when the tests run as root.
fn folder() -> Result<PathBuf> {
    let uid = geteuid().as_raw();
    let folder = std::env::temp_dir().join(format!("storewire-test-{uid}"));
    DirBuilder::new().mode(0o755).create(&folder).or_else(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Ok(()),
        _ => Err(error),
    })?;
    let metadata = folder.symlink_metadata()?;
    ensure!(metadata.is_dir() && metadata.uid() == uid, "{} belongs to somebody else", folder.display());
    Ok(folder)
}

fn lock_file(path: &Path) -> Result<File> {
    Ok(OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?)
}
