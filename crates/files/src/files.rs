//! The face of the crate: put, get, delete, and what the sweep asks.

use std::{
    fmt,
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, future::ready};
use jiff::Timestamp;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, memory::InMemory};
use storewire_domain::{AttachmentId, TenantId};

use crate::{FilesError, Stored, halves, key};

/// The files of all tenants. Clones share one storage.
#[derive(Clone)]
pub struct Files {
    storage: Arc<dyn ObjectStore>,
    /// `None` in memory.
    folder: Option<Arc<Path>>,
}

impl Files {
    /// Keeps files in this folder, which is made if need be, for this user only.
    ///
    /// # Errors
    /// [`FilesError::Folder`] if it cannot be made or looked into.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, FilesError> {
        let path = folder.into();
        let refused = |source| FilesError::Folder { path: path.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(refused)?;
        let storage = LocalFileSystem::new_with_prefix(&path).map_err(|error| refused(io::Error::other(error)))?;
        // A row is committed because its file is there: it must still be after a power cut.
        Ok(Self { storage: Arc::new(storage.with_fsync(true)), folder: Some(path.into()) })
    }

    /// Keeps files until it is dropped, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { storage: Arc::new(InMemory::new()), folder: None }
    }

    /// Keeps these bytes under this id. When it answers they are safe, all of them; on an error, or if it is not awaited to its end, there is
    /// the whole file or none. The same id again replaces it, so that a repeated upload has one effect.
    ///
    /// # Errors
    /// [`FilesError::Full`] or [`FilesError::Storage`].
    pub async fn put(&self, tenant: TenantId, id: AttachmentId, bytes: Bytes) -> Result<(), FilesError> {
        let written = self.storage.put(&key::of(tenant, id), bytes.into()).await;
        written.map(drop).map_err(|error| FilesError::of("written", error))
    }

    /// The whole file.
    ///
    /// # Errors
    /// [`FilesError::Missing`] if it is not there, [`FilesError::Storage`] if it cannot be read.
    pub async fn get(&self, tenant: TenantId, id: AttachmentId) -> Result<Bytes, FilesError> {
        let failed = |error| match error {
            Error::NotFound { .. } => FilesError::Missing { tenant, id },
            other => FilesError::of("read", other),
        };
        let found = self.storage.get(&key::of(tenant, id)).await.map_err(failed)?;
        found.bytes().await.map_err(failed)
    }

    /// Takes the file away. One that is not there is none already.
    ///
    /// # Errors
    /// [`FilesError::Storage`].
    pub async fn delete(&self, tenant: TenantId, id: AttachmentId) -> Result<(), FilesError> {
        match self.storage.delete(&key::of(tenant, id)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(FilesError::of("removed", error)),
        }
    }

    /// All files, in no order, read as the stream is: for the sweep, which asks the database about some hundreds at a time which of
    /// them have a row. A file that is put meanwhile may be among them.
    pub fn stored(&self) -> impl Stream<Item = Result<Stored, FilesError>> + Send + use<> {
        self.storage.list(None).filter_map(|found| {
            ready(match found {
                Ok(found) => Stored::of(&found).map(Ok),
                Err(error) => Some(Err(FilesError::of("listed", error))),
            })
        })
    }

    /// Removes what puts that never ended have left, if nothing was written to it since `before`; says how many. A put that still runs
    /// is spared by a `before` that lies further back than any of them lasts.
    ///
    /// # Errors
    /// [`FilesError::Storage`].
    pub async fn clear_halves(&self, before: Timestamp) -> Result<usize, FilesError> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let cleared = tokio::task::spawn_blocking(move || halves::clear(&folder, before)).await;
        cleared.map_err(io::Error::other).flatten().map_err(|error| FilesError::of("removed", error))
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("folder", &self.folder).finish_non_exhaustive()
    }
}
