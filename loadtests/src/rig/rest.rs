//! Stores that are left to themselves for a while: what is delivered is stored, and nothing is done with it.

use anyhow::{Result, ensure};
use uuid::Uuid;

use super::Rig;
use crate::poster::Poster;

impl Rig {
    /// Pauses every store, as staff do.
    ///
    /// # Errors
    /// If one is not.
    pub async fn pause(&self) -> Result<()> {
        self.command_all("pause").await
    }

    /// Has every store go on.
    ///
    /// # Errors
    /// If one does not.
    pub async fn resume(&self) -> Result<()> {
        self.command_all("resume").await
    }

    async fn command_all(&self, verb: &str) -> Result<()> {
        let mut poster = Poster::connect(self.address).await?;
        for row in self.admin.query("SELECT id FROM store", &[]).await? {
            let store: Uuid = row.try_get(0)?;
            let status = poster.command(&format!("/api/v1/stores/{store}/{verb}"), &self.bearer).await?;
            ensure!(status.is_success(), "to {verb} a store was answered with {status}");
        }
        Ok(())
    }
}
