//! What can go wrong with the database, as far as a caller decides differently.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// Refusals outside those classes that pass by themselves.
const PASSING: [SqlState; 4] = [
    SqlState::READ_ONLY_SQL_TRANSACTION,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::LOCK_NOT_AVAILABLE,
];

/// Of those, what is over as soon as it is told: the server undid one transaction for the sake of another.
const MOMENTARY: [SqlState; 3] =
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE];

/// A failed database operation.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection could be had, it was lost, or the server undid the transaction for the sake of another: nothing was decided, try
    /// again later.
    #[error("database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer to COMMIT was lost: the transaction may have happened. Read before doing it again.
    #[error("outcome of the commit is unknown")]
    CommitUnknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A constraint refused the row.
    #[error("refused by constraint {constraint}")]
    Conflict {
        /// The constraint's name in the schema.
        constraint: String,
    },
    /// Another node owns this store's shard now; this one must stop writing.
    #[error("the store's shard has another owner")]
    Fenced,
    /// A stored value does not decode.
    #[error("inconsistent value in {table}.{column}")]
    Inconsistent {
        /// Table that holds the value.
        table: &'static str,
        /// Its column.
        column: &'static str,
    },
    /// Any other refusal of the server; a fault of ours.
    #[error("database refused the statement with {}", .0.code().map_or("no code", SqlState::code))]
    Driver(#[source] tokio_postgres::Error),
    /// The schema could not be brought up to date.
    #[error("migration failed: {0}")]
    Migration(String),
}

impl DbError {
    /// Whether waiting may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::CommitUnknown(_))
    }

    /// Whether the same may well succeed at once: another transaction stood in the way, or this one's connection was lost. A database
    /// that cannot be had is neither.
    #[must_use]
    pub fn is_momentary(&self) -> bool {
        match self {
            Self::CommitUnknown(_) => true,
            Self::Unavailable(cause) => cause
                .downcast_ref::<tokio_postgres::Error>()
                .is_some_and(|error| error.code().is_none_or(|code| MOMENTARY.contains(code))),
            _ => false,
        }
    }

    /// Whether the server refused what was to be written, as it would every time.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Conflict { .. } | Self::Driver(_))
    }

    /// The name of the constraint that refused, if one did.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Conflict { constraint } => Some(constraint),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            return Self::Unavailable(Box::new(error));
        };
        let code = refusal.code();
        let class_says_wait = ["08", "53", "57"].iter().any(|class| code.code().starts_with(class));
        if class_says_wait || PASSING.contains(code) {
            return Self::Unavailable(Box::new(error));
        }
        if code.code().starts_with("23")
            && let Some(constraint) = refusal.constraint()
        {
            return Self::Conflict { constraint: constraint.to_owned() };
        }
        Self::Driver(error)
    }
}

impl From<PoolError> for DbError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
