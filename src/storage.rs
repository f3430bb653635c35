//! The database in reach of a command: the configured one, our own embedded one, or the one a running server keeps.

use anyhow::Context;
use secrecy::ExposeSecret;
use storewire_db::stores::{self, secret};
use storewire_db::{Db, DbConfig, bootstrap};
use storewire_guard::seal::{Keyring, SealContext};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use crate::config::{Config, DatabaseUrl};
use crate::data_dir::{DataDir, key_file, load_keyring};
use crate::embedded::Embedded;
use crate::failure::{Exit, Failure, Outcome};

pub const DATABASE: &str = "storewire";

/// The runtime of database and HTTP drivers. They have threads of their own, since a driver on a thread that computes
/// would stall its queries.
pub fn engine_runtime(threads: usize) -> Outcome<Runtime> {
    let runtime = Builder::new_multi_thread().worker_threads(threads).thread_name("drivers").enable_all().build();
    Ok(runtime.context("cannot start threads")?)
}

/// How a database is reached, and what must be put away afterwards.
pub struct Reach {
    /// Prepares the schema; the application itself connects as its own role.
    pub admin_url: DatabaseUrl,
    pub keyring: Keyring,
    /// Ours, to be stopped; none for a configured database or somebody else's cluster.
    embedded: Option<Embedded>,
    /// Held while we work in the folder alone.
    data_dir: Option<DataDir>,
}

/// An open, migrated database.
pub struct Storage {
    pub db: Db,
    pub keyring: Keyring,
    /// Sees every row: for the demo's comparison.
    pub admin_url: DatabaseUrl,
    /// The application's own login: for who compares one tenant only.
    pub app_url: DatabaseUrl,
    /// Migrations that were missing.
    pub applied: usize,
    embedded: Option<Embedded>,
    data_dir: Option<DataDir>,
}

impl Storage {
    /// For commands that may run beside the server: if the folder is busy, they use the server's database.
    pub fn reach(config: &Config) -> Outcome<Reach> {
        let path = config.data_dir()?;
        match DataDir::try_lock(&path)? {
            Ok(data_dir) => Reach::alone(config, data_dir, DATABASE, false),
            Err(_) => Reach::beside(config, DATABASE),
        }
    }

    pub fn open(config: &Config, runtime: &Runtime) -> Outcome<Self> {
        Self::reach(config)?.open(config, runtime)
    }

    /// See [`DataDir::node`]; only who has the folder alone is a node.
    pub fn node(&self) -> Outcome<Uuid> {
        self.data_dir.as_ref().map_or_else(|| Ok(Uuid::now_v7()), DataDir::node)
    }

    pub fn is_running(&self) -> bool {
        self.embedded.as_ref().is_none_or(Embedded::is_running)
    }

    /// Ends connections, then the embedded server.
    pub fn close(self) -> Outcome {
        self.db.close();
        self.embedded.map_or(Ok(()), Embedded::stop)
    }

    /// Closes whether the work went well or not; the work's error is the one that counts.
    pub fn close_after<T>(self, result: Outcome<T>) -> Outcome<T> {
        let closed = self.close();
        result.and_then(|value| closed.map(|()| value))
    }
}

impl Reach {
    pub fn alone(config: &Config, data_dir: DataDir, database: &str, fresh: bool) -> Outcome<Self> {
        if let Some(url) = &config.database.url {
            let keyring = data_dir.keyring(true)?;
            return Ok(Self { admin_url: url.clone(), keyring, embedded: None, data_dir: Some(data_dir) });
        }
        let keyring = data_dir.keyring(fresh || !data_dir.has_cluster())?;
        let embedded = Embedded::start(&data_dir)?;
        let url = if fresh { embedded.fresh_database(database) } else { embedded.database(database) };
        match url {
            Ok(url) => {
                let admin_url = DatabaseUrl::new(&url);
                Ok(Self { admin_url, keyring, embedded: Some(embedded), data_dir: Some(data_dir) })
            }
            Err(failure) => embedded.stop().and(Err(failure)),
        }
    }

    fn beside(config: &Config, database: &str) -> Outcome<Self> {
        let path = config.data_dir()?;
        let keyring = load_keyring(&path)?;
        let admin_url = match &config.database.url {
            Some(url) => url.clone(),
            None => DatabaseUrl::new(&Embedded::attach(&path)?.database(database)?),
        };
        Ok(Self { admin_url, keyring, embedded: None, data_dir: None })
    }

    /// Prepares the schema and connects.
    pub fn open(self, config: &Config, runtime: &Runtime) -> Outcome<Storage> {
        let opened = runtime.block_on(connect(config, &self, runtime));
        match opened {
            Ok(opened) => Ok(Storage {
                db: opened.db,
                keyring: self.keyring,
                admin_url: self.admin_url,
                app_url: opened.app_url,
                applied: opened.applied,
                embedded: self.embedded,
                data_dir: self.data_dir,
            }),
            Err(failure) => self.close_after(Err(failure)),
        }
    }

    pub fn close_after<T>(self, result: Outcome<T>) -> Outcome<T> {
        let closed = self.embedded.map_or(Ok(()), Embedded::stop);
        result.and_then(|value| closed.map(|()| value))
    }
}

/// A database whose schema is up to date.
struct Opened {
    db: Db,
    app_url: DatabaseUrl,
    applied: usize,
}

async fn connect(config: &Config, reach: &Reach, runtime: &Runtime) -> Outcome<Opened> {
    let password = reach.keyring.database_password();
    let ready = bootstrap::prepare(reach.admin_url.expose(), password.expose_secret(), runtime.handle()).await?;
    let app_url = DatabaseUrl::new(&ready.app_url);
    let settings = DbConfig {
        url: ready.app_url,
        connections: config.database.connections,
        intake_connections: config.database.intake_connections,
        acquire_timeout: config.database.acquire_timeout,
        statement_timeout: config.database.statement_timeout,
    };
    let db = Db::connect(&settings, runtime.handle().clone()).await?;
    prove_keys(config, &db, &reach.keyring).await?;
    Ok(Opened { db, app_url, applied: ready.applied })
}

/// With the keys of another installation every store would fail for a reason that nobody could guess.
async fn prove_keys(config: &Config, db: &Db, keyring: &Keyring) -> Outcome {
    for sealed in stores::first_and_last_secret(db, secret::CONSUMER_KEY).await? {
        let place =
            SealContext { tenant: sealed.tenant.uuid(), store: sealed.store.uuid(), column: secret::CONSUMER_KEY };
        if let Err(error) = keyring.open(&place, &sealed.bytes) {
            let file = key_file(&config.data_dir()?);
            let what = format!(
                "the key file {} does not open what this database holds ({error}): restore the key file that belongs to it",
                file.display()
            );
            return Err(Failure::new(Exit::Config, what));
        }
    }
    Ok(())
}
