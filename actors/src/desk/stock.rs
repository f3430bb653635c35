//! What people do with stock: levels, and files of counts. Each is a job in transactions of its own; order comes from the rows that it locks.

mod file;
mod import;
mod level;
pub(crate) mod low;
mod refusal;

pub(super) use import::go_on;

use std::future::Future;

use bytes::Bytes;
use rust_decimal::Decimal;
use storewire_db::stock::{ImportRow, LevelRow};
use storewire_domain::{ProductId, StoreId, TenantId};
use uuid::Uuid;

use super::{Desk, DeskError, Hand};

/// A product or a variation.
#[derive(Clone, Copy, Debug)]
pub struct AtProduct {
    pub tenant: TenantId,
    pub product: ProductId,
}

/// A file of counts as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct AtImport {
    pub tenant: TenantId,
    pub id: Uuid,
    /// The version that they saw.
    pub version: i64,
}

impl Desk {
    /// Somebody sets the count at or below which people are warned of a product, or takes it away. `version` is that of the level that they
    /// saw, if there was one.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn set_level(
        &self,
        deed: Uuid,
        by: Hand,
        of: AtProduct,
        level: Option<Decimal>,
        version: Option<i64>,
    ) -> Result<LevelRow, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { level::set_level(&shared, deed, &by, of, level, version).await }).await
    }

    /// Staff have a file of counts compared with what we hold of a store. The preview's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn preview(
        &self,
        deed: Uuid,
        by: Hand,
        (tenant, store): (TenantId, StoreId),
        name: String,
        bytes: Bytes,
    ) -> Result<ImportRow, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { import::preview(&shared, deed, &by, (tenant, store), &name, &bytes).await }).await
    }

    /// Staff have a file that they looked at written: every line that changes something is on its way when this returns. One that is cut off
    /// half-way is gone on with by whoever looks for what is due.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub async fn write_import(&self, by: Hand, of: AtImport) -> Result<ImportRow, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { import::write(&shared, &by, of).await }).await
    }

    /// Staff put a file away that they looked at.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn drop_import(&self, by: Hand, of: AtImport) -> Result<ImportRow, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { import::put_away(&shared, &by, of).await }).await
    }

    /// Does a job to its end, whether or not who asked for it waits so long.
    pub(super) async fn whole<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, DeskError>> + Send + 'static,
    ) -> Result<T, DeskError> {
        match self.shared.engine.spawn(job).await {
            Ok(outcome) => outcome,
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(_) => Err(DeskError::Busy),
        }
    }
}
