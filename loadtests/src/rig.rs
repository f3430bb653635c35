//! Everything a test runs against: a private PostgreSQL that syncs its commits, the binary, and simulated stores.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use storesim::{Fleet, FleetConfig};
use storewire_domain::Clock;
use storewire_testkit::wait_until;
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::poster::Poster;
use crate::source::{Shop, Source};
use database::Database;
use login::secret;
use product::{Product, Surroundings};

mod database;
mod login;
mod look;
mod product;
mod rest;
mod shops;

const READY_WITHIN: Duration = Duration::from_secs(60);
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

/// How a test's shops differ from the usual ones.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Orders of its own that each shop begins with.
    pub orders: usize,
    pub products: usize,
    /// Settings of the engine.
    pub engine: &'static [(&'static str, &'static str)],
    /// Connects no shop: the test does, one by one.
    pub is_bare: bool,
}

impl Default for Scene {
    /// Enough for a first import, too few to matter; its pace is quick, since it is over before anything is measured. After it
    /// nobody compares a shop with our copy: the deliveries are about orders that the shop itself does not have.
    fn default() -> Self {
        let engine = &[("request_interval", "10ms"), ("pull_interval", "24h")];
        Self { orders: 5, products: 5, engine, is_bare: false }
    }
}

/// A running set-up. `stop` puts it away; so does dropping it, without waiting for the product's own end.
pub struct Rig {
    pub address: SocketAddr,
    /// Deliveries of all connected shops in turn.
    pub source: Arc<Source>,
    pub shops: Vec<Shop>,
    /// A login that sees every store.
    pub bearer: String,
    pub postgres_version: String,
    pub fleet: Fleet,
    admin: Client,
    product: Product,
    database: Database,
    _folder: TempDir,
}

impl Rig {
    /// # Errors
    /// If PostgreSQL's programs or the binary are missing, or a part does not start in time.
    pub async fn start(options: &RigOptions) -> Result<Self> {
        Self::start_with(options, Scene::default()).await
    }

    /// # Errors
    /// As `start`.
    pub async fn start_with(options: &RigOptions, scene: Scene) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("storewire-loadtest-").tempdir_in(&options.folder)?;
        // PostgreSQL runs as another user when we are root, and must get through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        let database = Database::start(folder.path().join("pg")).await?;
        let fleet = Fleet::start(FleetConfig {
            listen: crate::port::free()?,
            stores: options.stores,
            orders_per_store: scene.orders,
            products_per_store: scene.products,
            ..FleetConfig::default()
        })
        .await?;
        let mut product = Product::prepare(&Surroundings {
            program: &options.storewire,
            folder: folder.path(),
            database_url: &database.url,
            ca_pem: fleet.ca_pem(),
            engine: scene.engine,
        })?;
        product.launch()?;
        wait_until_ready(&product).await?;

        let (address, password) = (product.address, secret()?);
        product.create_user(login::EMAIL, &password).await?;
        let bearer = login::bearer(address, &password).await?;
        let admin = connect(&database.url).await?;
        let postgres_version = admin.query_one("SHOW server_version", &[]).await?.try_get(0)?;
        let mut shops = Vec::with_capacity(options.stores);
        for store in fleet.stores() {
            let (token, webhook_secret) = (secret()?, secret()?);
            if !scene.is_bare {
                product.add_store(&store, &token, &webhook_secret).await?;
            }
            shops.push(Shop::new(token, &webhook_secret, store.home_url));
        }
        let source = Arc::new(Source::new(shops.clone(), options.orders, Clock::system().now())?);
        let rig =
            Self { address, source, shops, bearer, postgres_version, fleet, admin, product, database, _folder: folder };
        if !scene.is_bare {
            rig.wait_until_read(u64::try_from(options.stores)?, READ_WITHIN).await?;
        }
        Ok(rig)
    }

    /// A superuser's connection.
    #[must_use]
    pub const fn admin(&self) -> &Client {
        &self.admin
    }

    #[must_use]
    pub fn admin_url(&self) -> &str {
        &self.database.url
    }

    /// `kill -9` of the binary.
    ///
    /// # Errors
    /// If the system refuses.
    pub async fn kill(&mut self) -> Result<()> {
        self.product.kill().await
    }

    /// Ends the binary in order.
    ///
    /// # Errors
    /// If it does not end, or ends badly.
    pub async fn halt(&mut self) -> Result<()> {
        self.product.stop().await
    }

    /// Starts the binary again, without waiting for it.
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn launch(&mut self) -> Result<()> {
        self.product.launch()
    }

    /// Ends the binary in order and starts it again; returns when it is ready. What it held in memory is gone.
    ///
    /// # Errors
    /// If it does not end well, or is not ready in time.
    pub async fn restart(&mut self) -> Result<()> {
        self.halt().await?;
        self.launch()?;
        wait_until_ready(&self.product).await
    }

    /// `kill -9` of PostgreSQL with all its backends.
    ///
    /// # Errors
    /// If it runs no more.
    pub async fn kill_database(&mut self) -> Result<()> {
        self.database.kill().await
    }

    /// Starts PostgreSQL again; returns when it has recovered.
    ///
    /// # Errors
    /// If it does not.
    pub async fn start_database(&mut self) -> Result<()> {
        self.database.start_again().await?;
        self.admin = connect(&self.database.url).await?;
        Ok(())
    }

    /// Stops the binary as an operator would, then the rest.
    ///
    /// # Errors
    /// If the binary does not end, or ends badly.
    pub async fn stop(mut self) -> Result<()> {
        let ended = self.product.stop().await;
        self.fleet.stop().await;
        ended
    }
}

async fn wait_until_ready(product: &Product) -> Result<()> {
    let ready = || async {
        let Ok(mut poster) = Poster::connect(product.address).await else { return false };
        poster.get("/readyz").await.is_ok_and(|(status, _)| status.is_success())
    };
    wait_until(READY_WITHIN, "storewire is ready", ready).await.with_context(|| product.tail())
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client, or with the server.
    tokio::spawn(connection);
    Ok(client)
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
