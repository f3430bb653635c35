//! Rehearsals, as far as the engine is concerned: twins that may be reached, and actors that end with them.

use std::time::Duration;

use storewire_db::{DbError, rehearsals, stores, sweeps};
use storewire_domain::{Purpose, ReadScope, StoreId, TenantId};

use super::Engine;
use crate::{
    store::Duty,
    twins::{Opened, TwinsError},
};

/// From one look at actors that are to end to the next.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A step of an actor that takes longer is cut off by its rows: they are gone.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

impl Engine {
    /// Lets the stores of a rehearsal's tenant be reached at its twins' places, and nowhere else; no other store is.
    ///
    /// # Errors
    /// `RealTenant` for any other tenant.
    pub fn open_twins(&self, opened: Opened) -> Result<(), TwinsError> {
        self.twins.open(opened, &self.clock)
    }

    /// Has every twin read and compared now, so that what no webhook told of is found without waiting for its turn.
    ///
    /// # Errors
    /// As every statement.
    pub async fn settle_twins(&self, tenant: TenantId) -> Result<(), DbError> {
        let now = self.clock.now();
        for twin in self.twins_of(tenant).await? {
            let tx = self.db.tenant(tenant).await?;
            sweeps::want(&tx, twin, Purpose::Reconcile, None, now).await?;
            tx.commit().await?;
            self.registry.hurry(twin, Duty::Pull);
            self.registry.hurry(twin, Duty::Sweep);
        }
        Ok(())
    }

    /// Ends the actors of a rehearsal and the way to its twins. Its rows stay as they are.
    ///
    /// # Errors
    /// As every statement.
    pub async fn close_twins(&self, tenant: TenantId) -> Result<(), DbError> {
        let twins = self.twins_of(tenant).await?;
        let actors: Vec<_> = twins.iter().filter_map(|twin| self.registry.addr(*twin)).collect();
        let tx = self.db.tenant(tenant).await?;
        rehearsals::set_still(&tx, self.clock.now()).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        let ended = async {
            while actors.iter().any(actix::Addr::connected) {
                self.look();
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(ENDS_WITHIN, ended).await.is_err() {
            tracing::warn!(tenant.id = %tenant, "not every actor of the rehearsal has ended");
        }
        self.twins.close(tenant);
        Ok(())
    }

    async fn twins_of(&self, tenant: TenantId) -> Result<Vec<StoreId>, DbError> {
        let tx = self.db.read(&ReadScope::Tenant(tenant)).await?;
        let twins = stores::list(&tx).await?.into_iter().map(|row| row.id).collect();
        tx.commit().await?;
        Ok(twins)
    }
}
