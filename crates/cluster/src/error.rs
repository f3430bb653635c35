//! What can keep a cluster from running, each with what to do about it.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error(
        "no PostgreSQL {minimum} or newer under /usr/lib/postgresql; install it (Debian: apt-get install postgresql) \
         or set database.url to a server of your own"
    )]
    NoPrograms { minimum: u32 },

    #[error(
        "the cluster in {} was made by PostgreSQL {found}, whose programs are not installed (newest here: {installed}); \
         install them (apt-get install postgresql-{found}) or move the data with pg_upgrade", .home.display()
    )]
    OtherMajor { home: PathBuf, found: u32, installed: u32 },

    #[error("PostgreSQL must not run as root, and there is neither a user `postgres` nor `nobody` to run it as")]
    NoAccount,

    #[error("{} belongs to another user; remove it or choose another folder", .path.display())]
    ForeignFolder { path: PathBuf },

    #[error("cannot {what} {}: {source}", .path.display())]
    Io { what: &'static str, path: PathBuf, source: io::Error },

    #[error("{program} failed: {output}")]
    Program { program: &'static str, output: String },

    #[error("PostgreSQL did not start; the end of {} says: {tail}", .log.display())]
    NotStarted { log: PathBuf, tail: String },

    #[error("no PostgreSQL runs in {}", .home.display())]
    NotRunning { home: PathBuf },

    #[error("PostgreSQL was not ready after {seconds} s; see {}", .log.display())]
    NotReady { log: PathBuf, seconds: u64 },

    #[error("PostgreSQL (process {pid}) did not stop")]
    NotStopped { pid: i32 },

    #[error("no random numbers from the system")]
    Random,
}

impl ClusterError {
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}
