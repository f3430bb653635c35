//! Where a run takes place: a private PostgreSQL, a fleet on many hosts, and the binary with settings of its own.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use storesim::{Fleet, FleetConfig};
use tempfile::TempDir;
use tokio_postgres::Client;

use crate::chaos::database::Database;
use crate::chaos::node::{Node, Surroundings};

/// See the module. Dropped, it is put away.
pub struct Ground {
    pub fleet: Arc<Fleet>,
    pub database: Database,
    /// A superuser's connection.
    pub admin: Client,
    /// Where the binary will serve.
    pub address: SocketAddr,
    program: PathBuf,
    folder: TempDir,
}

impl Ground {
    /// Starts everything but the binary, of which it takes a copy. The fleet listens where there is room.
    ///
    /// # Errors
    /// If PostgreSQL or the fleet does not start.
    pub async fn open(program: &Path, folder: &Path, fleet: FleetConfig) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("storewire-load-").tempdir_in(folder)?;
        // PostgreSQL runs as another user when we are root, and must get through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        // As it is now, whoever builds it anew meanwhile.
        let copy = folder.path().join("storewire");
        std::fs::copy(program, &copy)?;
        let database = Database::start(&folder.path().join("pg")).await?;
        let fleet = Fleet::start(FleetConfig { listen: crate::port::free()?, ..fleet }).await?;
        let (admin, address) = (database.admin().await?, crate::port::free()?);
        Ok(Self { fleet: Arc::new(fleet), database, admin, address, program: copy, folder })
    }

    /// What the binary finds around it, for so many stores.
    fn surroundings<'a>(&'a self, public_url: &'a str, stores: usize) -> Surroundings<'a> {
        Surroundings {
            program: &self.program,
            folder: self.folder.path(),
            database_url: &self.database.url,
            ca_pem: self.fleet.ca_pem(),
            public_url,
            address: self.address,
            stores,
        }
    }

    /// The binary as shipped but for these settings, not started.
    ///
    /// # Errors
    /// If its folder cannot be written to.
    pub fn node(&self, given: &[(&'static str, String)]) -> Result<Node> {
        let url = format!("http://{}", self.address);
        let quiet = [("LOG__LEVEL", "warn".to_owned())];
        Node::with(&self.surroundings(&url, 0), given.iter().cloned().chain(quiet))
    }

    /// The same at the laboratory's pace.
    ///
    /// # Errors
    /// As `node`.
    pub fn quick_node(&self, stores: usize) -> Result<Node> {
        let url = format!("http://{}", self.address);
        Node::prepare(&self.surroundings(&url, stores))
    }

    /// What the binary keeps beside its database.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Keeps the folder, for its log to be read; answers where it is.
    #[must_use]
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}
