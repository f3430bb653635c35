//! Why a command failed, and the exit code that says so to a script.

use std::fmt;

use storewire_cluster::ClusterError;
use storewire_db::DbError;

/// Exit codes: 1, and those of sysexits.h that mean something here. (2, wrong usage, is clap's.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Failed = 1,
    /// A service or program that is needed is not there.
    Unavailable = 69,
    /// Somebody else is at it; try again later.
    TryLater = 75,
    /// The configuration is wrong.
    Config = 78,
}

#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    error: anyhow::Error,
}

pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, error: anyhow::anyhow!("{message}") }
    }

    pub fn config(error: anyhow::Error) -> Self {
        Self { exit: Exit::Config, error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        Self { exit: exit_of(&error), error }
    }
}

fn exit_of(error: &anyhow::Error) -> Exit {
    let database = error.downcast_ref::<DbError>().is_some_and(DbError::is_unavailable);
    let programs =
        matches!(error.downcast_ref(), Some(ClusterError::NoPrograms { .. } | ClusterError::OtherMajor { .. }));
    if database || programs { Exit::Unavailable } else { Exit::Failed }
}
