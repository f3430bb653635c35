//! A database of its own for each test: the real schema, the real roles, nobody else's rows.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use storewire_db::{Db, DbConfig};
use tokio_postgres::Client;

use crate::FaultProxy;
use crate::cluster::{Shared, app_url, by};

/// A cloned, migrated database; dropped, with every connection to it, when this value goes.
#[derive(Debug)]
pub struct TestDb {
    shared: &'static Shared,
    name: String,
    app_url: String,
    db: Db,
}

impl TestDb {
    /// Clones the template. The first call of a process also starts the shared server.
    ///
    /// # Errors
    /// If PostgreSQL's programs are missing, or the schema cannot be made.
    pub async fn create() -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let shared = Shared::get()?;
        let name = format!("sw_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = shared.admin("postgres").await?;
        // The same process id may have been somebody else's before.
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {}", shared.template)).await?;

        let app_url = app_url(&shared.admin_url(&name))?;
        // Small pools: many tests share the server's connections.
        let config = DbConfig { connections: 6, intake_connections: 2, ..DbConfig::new(app_url.as_str()) };
        let db = Db::connect(&config, shared.drivers().clone()).await?;
        Ok(Self { shared, name, app_url, db })
    }

    /// As the application sees it.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// For a program under test: the application's own login.
    #[must_use]
    pub fn app_url(&self) -> &str {
        &self.app_url
    }

    /// Where the server listens: for a [`FaultProxy`] before it.
    ///
    /// # Errors
    /// If it listens elsewhere, because its folder's name is too long for a socket.
    pub fn socket(&self) -> Result<PathBuf> {
        self.shared.socket()
    }

    /// The application's own login by way of a proxy.
    #[must_use]
    pub fn app_url_by(&self, proxy: &FaultProxy) -> String {
        by(&self.app_url, proxy)
    }

    /// For a program under test that prepares its database itself, and for looking behind row security.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.shared.admin_url(&self.name)
    }

    /// A superuser's connection: sees every row, whatever the policies say.
    ///
    /// # Errors
    /// If the server is gone.
    pub async fn admin(&self) -> Result<Client> {
        self.shared.admin(&self.name).await
    }

    /// The runtime that drives this database's connections; a test that starts an engine gives it this one.
    #[must_use]
    pub fn drivers(&self) -> tokio::runtime::Handle {
        self.shared.drivers().clone()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db.close();
        let (shared, name) = (self.shared, self.name.clone());
        // Waits, on a thread that may: a test that ends leaves nothing. What cannot be dropped is swept by a later run.
        let dropped = std::thread::spawn(move || {
            shared.drivers().block_on(async {
                let admin = shared.admin("postgres").await?;
                admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
                Ok::<_, anyhow::Error>(())
            })
        });
        drop(dropped.join());
    }
}
