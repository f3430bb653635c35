//! Everything a test runs against: a private PostgreSQL that syncs its commits, the binary, and simulated stores.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws_lc_rs::rand;
use storesim::{Fleet, FleetConfig};
use storewire_cluster::{Account, Cluster, Profile};
use storewire_domain::Clock;
use storewire_testkit::wait_until;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::cpu::{self, Used};
use crate::poster::Poster;
use crate::source::{Shop, Source};

mod product;

pub use product::Product;

const DATABASE: &str = "storewire";
const EMAIL: &str = "loadtest@storewire.test";
/// Orders of its own that each store begins with; enough for a first import, too few to matter.
const ORDERS_AT_START: usize = 5;
const READY_WITHIN: Duration = Duration::from_secs(60);
const IDLE_FOR: Duration = Duration::from_secs(3);
const READ_WITHIN: Duration = Duration::from_secs(120);

/// What to set up.
#[derive(Clone, Debug)]
pub struct RigOptions {
    /// The binary under test.
    pub storewire: PathBuf,
    pub stores: usize,
    /// Orders per store that the deliveries are about.
    pub orders: u64,
    /// Where the databases lie; a disk, or the limit measured is that of memory.
    pub folder: PathBuf,
}

/// A running set-up. `stop` puts it away; so does dropping it, without waiting for the product's own end.
pub struct Rig {
    pub address: SocketAddr,
    pub source: Arc<Source>,
    /// A login that sees every store.
    pub bearer: String,
    pub postgres_version: String,
    admin: Client,
    admin_url: String,
    product: Option<Product>,
    database: Database,
    fleet: Fleet,
    _folder: TempDir,
}

/// Stops its server when it goes.
struct Database(Option<Cluster>);

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(Cluster::stop) {
            eprintln!("the private PostgreSQL did not stop: {error}");
        }
    }
}

impl Rig {
    /// # Errors
    /// If PostgreSQL's programs or the binary are missing, or a part does not start in time.
    pub async fn start(options: &RigOptions) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("storewire-loadtest-").tempdir_in(&options.folder)?;
        // PostgreSQL runs as another user when we are root, and must get through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        let cluster = start_cluster(folder.path().join("pg")).await?;
        let (admin_url, server) = (cluster.admin_url(DATABASE), cluster.pid());
        let database = Database(Some(cluster));
        ensure!(server > 0, "PostgreSQL did not start");

        let fleet = Fleet::start(FleetConfig {
            listen: crate::port::free()?,
            stores: options.stores,
            orders_per_store: ORDERS_AT_START,
            products_per_store: ORDERS_AT_START,
            ..FleetConfig::default()
        })
        .await?;
        let product = Product::start(&options.storewire, folder.path(), &admin_url, fleet.ca_pem()).await?;
        let address = product.address;
        wait_until(READY_WITHIN, "storewire is ready", || async { is_ready(address).await }).await?;

        let password = secret()?;
        product.create_user(EMAIL, &password).await?;
        let mut shops = Vec::with_capacity(options.stores);
        for store in fleet.stores() {
            let (token, webhook_secret) = (secret()?, secret()?);
            product.add_store(&store, &token, &webhook_secret).await?;
            shops.push(Shop::new(token, &webhook_secret, store.home_url));
        }
        let admin = connect(&admin_url).await?;
        wait_until(READ_WITHIN, "every store was read once", || async {
            count(&admin, "SELECT count(*) FROM store WHERE state = 'live'")
                .await
                .is_ok_and(|live| live == options.stores as u64)
        })
        .await?;
        let bearer = log_in(address, &password).await?;
        let postgres_version = admin.query_one("SHOW server_version", &[]).await?.try_get(0)?;
        let source = Arc::new(Source::new(shops, options.orders, Clock::system().now())?);
        Ok(Self {
            address,
            source,
            bearer,
            postgres_version,
            admin,
            admin_url,
            product: Some(product),
            database,
            fleet,
            _folder: folder,
        })
    }

    /// A superuser's connection.
    #[must_use]
    pub const fn admin(&self) -> &Client {
        &self.admin
    }

    #[must_use]
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// CPU time so far of the binary and of PostgreSQL with all its backends.
    ///
    /// # Errors
    /// If one of them ended.
    pub fn cpu(&self) -> Result<Used> {
        let product = self.product.as_ref().and_then(Product::pid).context("storewire has ended: see its log")?;
        Ok(Used { program: cpu::of_tree(product)?, database: self.database_cpu()? })
    }

    /// CPU time so far of PostgreSQL with all its backends.
    ///
    /// # Errors
    /// If it ended.
    pub fn database_cpu(&self) -> Result<Duration> {
        let cluster = self.database.0.as_ref().context("PostgreSQL was stopped")?;
        cpu::of_tree(u32::try_from(cluster.pid())?)
    }

    /// Deliveries in the inbox.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn stored(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox").await
    }

    /// Deliveries that were stored and are not applied yet.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn pending(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox WHERE state = 'pending'").await
    }

    /// Deliveries that were set aside or ignored: in these tests each is a true change, so there must be none.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn not_applied(&self) -> Result<u64> {
        count(&self.admin, "SELECT count(*) FROM inbox WHERE state IN ('dead', 'ignored')").await
    }

    /// Waits until every delivery was applied.
    ///
    /// # Errors
    /// If that takes longer than `within`.
    pub async fn drain(&self, within: Duration) -> Result<()> {
        let empty = || async { self.pending().await.is_ok_and(|pending| pending == 0) };
        wait_until(within, "every delivery is applied", empty).await
    }

    /// Writes out what earlier rounds left in memory, so that no round pays for the one before.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn settle(&self) -> Result<()> {
        Ok(self.admin.batch_execute("CHECKPOINT").await?)
    }

    /// Does what autovacuum does by itself within minutes: until then the database plans by the size that its tables had
    /// when a statement was first used, which here was none.
    ///
    /// # Errors
    /// If the database is gone.
    pub async fn analyze(&self) -> Result<()> {
        Ok(self.admin.batch_execute("ANALYZE").await?)
    }

    /// What binary and database use with nothing to do, in microseconds per second.
    ///
    /// # Errors
    /// If one of them ended.
    pub async fn idle(&self) -> Result<u64> {
        let (before, started) = (self.cpu()?, Instant::now());
        tokio::time::sleep(IDLE_FOR).await;
        let used = self.cpu()?.since(&before).total();
        let millis = started.elapsed().as_millis().max(1);
        Ok(u64::try_from(used.as_micros() * 1_000 / millis)?)
    }

    /// Stops the binary as an operator would, then the rest.
    ///
    /// # Errors
    /// If the binary does not end, or ends badly.
    pub async fn stop(mut self) -> Result<()> {
        let ended = match self.product.take() {
            Some(product) => product.stop().await,
            None => Ok(()),
        };
        self.fleet.stop().await;
        drop(self.database);
        ended
    }
}

async fn start_cluster(home: PathBuf) -> Result<Cluster> {
    let started = tokio::task::spawn_blocking(move || {
        let account = Account::choose()?;
        Cluster::start(&home, &account, Profile::Lasting, &|_| ()).and_then(|cluster| {
            cluster.ensure_database(DATABASE)?;
            Ok(cluster)
        })
    });
    Ok(started.await??)
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client, or with the server.
    tokio::spawn(connection);
    Ok(client)
}

async fn count(admin: &Client, query: &str) -> Result<u64> {
    let count: i64 = admin.query_one(query, &[]).await?.try_get(0)?;
    Ok(u64::try_from(count)?)
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut poster) = Poster::connect(address).await else { return false };
    poster.get("/readyz").await.is_ok_and(|(status, _)| status.is_success())
}

async fn log_in(address: SocketAddr, password: &str) -> Result<String> {
    let credentials = serde_json::json!({"email": EMAIL, "password": password});
    let (status, body) = Poster::connect(address).await?.post_json("/api/v1/auth/login", &credentials).await?;
    ensure!(status.is_success(), "the login was answered with {status}");
    let answer: serde_json::Value = serde_json::from_slice(&body)?;
    answer["access_token"].as_str().map(str::to_owned).context("the login gave no token")
}

fn secret() -> Result<String> {
    let mut random = [0_u8; 32];
    rand::fill(&mut random).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(hex::encode(random))
}

/// The binary to test: the given one, or the one that was built, the release build first.
///
/// # Errors
/// If there is none.
pub fn find_storewire(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        ensure!(path.is_file(), "there is no {}", path.display());
        return Ok(path.to_path_buf());
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let built = ["release", "debug"].map(|profile| target.join(profile).join("storewire"));
    let found = built.into_iter().find(|path| path.is_file());
    let found = found.context("build it first: cargo build --locked --release -p storewire")?;
    Ok(found.canonicalize()?)
}
