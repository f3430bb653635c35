//! The private PostgreSQL in the data folder, for installations without `database.url`.

use std::path::Path;

use storewire_cluster::{Account, Cluster, Profile, place_in};

use crate::data_dir::DataDir;
use crate::failure::Outcome;
use crate::output::say;

/// Runs as long as we do: stopped in order at the end, adopted at the next start if we were killed.
#[derive(Debug)]
pub struct Embedded {
    cluster: Cluster,
}

impl Embedded {
    pub fn start(data_dir: &DataDir) -> Outcome<Self> {
        let account = Account::choose()?;
        let home = place_in(data_dir.path(), &account, &say)?;
        Ok(Self { cluster: Cluster::start(&home, &account, Profile::Lasting, &say)? })
    }

    /// Uses the cluster of another storewire that runs in the same folder, without becoming its keeper.
    pub fn attach(data_dir: &Path) -> Outcome<Self> {
        Ok(Self { cluster: Cluster::attach(&data_dir.join("postgres"))? })
    }

    /// The administrator's address of the database `name`, which is made if it is missing.
    pub fn database(&self, name: &str) -> Outcome<String> {
        self.cluster.ensure_database(name)?;
        Ok(self.cluster.admin_url(name))
    }

    /// The same, of an empty database in place of whatever was there.
    pub fn fresh_database(&self, name: &str) -> Outcome<String> {
        self.cluster.drop_database(name)?;
        self.database(name)
    }

    pub fn is_running(&self) -> bool {
        self.cluster.is_running()
    }

    pub fn stop(self) -> Outcome {
        say("stopping PostgreSQL");
        Ok(self.cluster.stop()?)
    }
}
