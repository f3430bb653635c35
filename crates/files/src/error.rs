//! What goes wrong with files, and what to do about it.

use std::{
    error::Error,
    io::{self, ErrorKind},
    iter,
    path::PathBuf,
};

use storewire_domain::{AttachmentId, TenantId};

/// Why a file could not be kept, found or taken away. Names ids and the folder; never what people call a file.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the folder for files {path} cannot be used; see that it is a folder of the user that runs storewire")]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "the file {id} of tenant {tenant} is not there; restore the folder for files from the backup its row came from"
    )]
    Missing { tenant: TenantId, id: AttachmentId },
    #[error("there is no room for files; free some, or move the folder for files to a larger disk")]
    Full { source: Cause },
    #[error("files cannot be {deed} now; look at the disk that holds the folder for files")]
    Storage { deed: &'static str, source: Cause },
}

/// The storage's own word.
pub type Cause = Box<dyn Error + Send + Sync>;

impl FilesError {
    /// Of a failed deed, told in the past: `written`, `read`, `removed`, `listed`.
    pub(crate) fn of(deed: &'static str, source: impl Into<Cause>) -> Self {
        let source = source.into();
        if is_full(source.as_ref()) { Self::Full { source } } else { Self::Storage { deed, source } }
    }
}

fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut causes = iter::successors(Some(error), |&cause| cause.source());
    causes.any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(io, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("wrapped")]
    struct Wrapped(#[source] io::Error);

    #[test]
    fn a_full_disk_is_known_however_deep_it_is_told() {
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            assert!(matches!(FilesError::of("written", Wrapped(kind.into())), FilesError::Full { .. }), "{kind}");
        }
        let other = FilesError::of("written", Wrapped(ErrorKind::PermissionDenied.into()));
        assert!(matches!(other, FilesError::Storage { deed: "written", .. }), "{other}");
    }
}
