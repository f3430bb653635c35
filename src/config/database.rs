//! Which PostgreSQL, and how many connections to it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// None: the embedded cluster. Secret, since it may hold a password.
    pub url: Option<DatabaseUrl>,
    url_file: Option<PathBuf>,
    pub connections: usize,
    pub intake_connections: usize,
    #[serde(deserialize_with = "value::duration")]
    pub acquire_timeout: Duration,
    #[serde(deserialize_with = "value::duration")]
    pub statement_timeout: Duration,
}

/// An address with a password in it: prints as nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    pub fn new(url: &str) -> Self {
        Self(url.to_owned().into())
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Database {
    pub(super) fn read_files(&mut self) -> Result<()> {
        let Some(path) = &self.url_file else { return Ok(()) };
        if self.url.is_some() {
            bail!("database.url and database.url_file are both set: keep one");
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read database.url_file {}", path.display()))?;
        self.url = Some(DatabaseUrl::new(text.trim()));
        Ok(())
    }
}
