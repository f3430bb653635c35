//! What a failure means for the store's state and for the next try.

use std::time::Duration;

use storewire_db::DbError;
use storewire_domain::StoreState;
use storewire_woo::WooError;

use crate::EngineConfig;

/// Why a duty did not end well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkError {
    #[error("{0}")]
    Woo(#[from] WooError),
    #[error("the database did not do as asked: {0}")]
    Db(#[from] DbError),
}

/// What follows from a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Try again after this long; the store is fine.
    Wait(Duration),
    /// The store is in this state for this reason; try again after this long.
    Store { state: StoreState, reason: &'static str, wait: Duration },
    /// What this actor believes may be wrong: end, and start again from the rows.
    End,
}

/// Judges the `failures`-th failure in a row. `random` is uniform in 0..=1.
pub(crate) fn judge(error: &WorkError, failures: u32, config: &EngineConfig, random: f64) -> Judgement {
    let backoff = config.retry.delay(failures, random);
    match error {
        WorkError::Db(DbError::CommitUnknown(_) | DbError::Fenced) => Judgement::End,
        WorkError::Db(_) => Judgement::Wait(backoff.min(Duration::from_secs(5))),
        WorkError::Woo(error) if error.needs_attention() => Judgement::Store {
            state: StoreState::NeedsAttention,
            reason: error.code(),
            wait: config.attention_interval,
        },
        WorkError::Woo(error) => Judgement::Store {
            state: StoreState::Degraded,
            reason: error.code(),
            wait: error.retry_after().map_or(backoff, |asked| asked.min(Duration::from_secs(3_600)).max(backoff)),
        },
    }
}
