//! The superuser's side of a cluster: its address, and its databases.

use std::process::{Command, Stdio};

use crate::init::SUPERUSER;
use crate::{Cluster, ClusterError, Endpoint};

impl Cluster {
    /// The superuser's address for one database of the cluster. It holds the password: never log it.
    pub fn admin_url(&self, database: &str) -> String {
        let (host, port) = match &self.endpoint {
            Endpoint::Socket { folder, port } => (percent_encode(&folder.to_string_lossy()), port),
            Endpoint::Loopback { port } => ("127.0.0.1".to_owned(), port),
        };
        format!("postgresql://{SUPERUSER}:{}@{host}:{port}/{database}", self.password)
    }

    /// Makes the database `name` unless it is there.
    pub fn ensure_database(&self, name: &str) -> Result<(), ClusterError> {
        let found = self.psql(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"))?;
        if found == "0" { self.psql(&format!("CREATE DATABASE {name}")).map(drop) } else { Ok(()) }
    }

    /// Drops the database `name`, and every session in it.
    pub fn drop_database(&self, name: &str) -> Result<(), ClusterError> {
        self.psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).map(drop)
    }

    /// One statement by PostgreSQL's own client, so that this crate needs no driver. The names in it are ours.
    fn psql(&self, statement: &str) -> Result<String, ClusterError> {
        let program = self.programs.path("psql");
        let (host, port) = match &self.endpoint {
            Endpoint::Socket { folder, port } => (folder.as_os_str(), port),
            Endpoint::Loopback { port } => ("127.0.0.1".as_ref(), port),
        };
        let output = Command::new(&program)
            .env_clear()
            // Everybody can read the arguments of a process, only its owner the environment.
            .env("PGPASSWORD", &self.password)
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-U", SUPERUSER, "-d", "postgres", "-p", &port.to_string(), "-h"])
            .arg(host)
            .args(["-c", statement])
            .stdin(Stdio::null())
            .output()
            .map_err(ClusterError::io("run", program))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(ClusterError::Program {
            program: "psql",
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

/// For the host part of a connection address, where a socket's folder is written with `%2F`.
fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
