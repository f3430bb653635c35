//! What the watch over all stores looks at: little of each, often.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use storewire_domain::{StoreId, StoreState, TenantId};

use super::row::{freshness_goal, is_stale};
use crate::{DbError, ReadTx, decode::known};

/// What tells whether a store needs people.
#[derive(Clone, Debug)]
pub struct Watched {
    pub tenant_id: TenantId,
    pub id: StoreId,
    pub state: StoreState,
    pub state_reason: Option<String>,
    /// As in [`super::StoreRow`].
    pub as_of: Option<Timestamp>,
    pub freshness_goal: Duration,
    /// Deliveries set aside because they came from another address than the store's.
    pub foreign_letters: i64,
    /// Everything else that was given up on.
    pub other_letters: i64,
    /// Webhooks did not come for a time, and reading has not made up for it yet.
    pub has_webhook_gap: bool,
}

impl Watched {
    /// Whether its numbers are older than its goal allows.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        is_stale(self.state, self.as_of, self.freshness_goal, now)
    }

    /// How old its numbers are; zero for a store that nobody reads or that was never read.
    #[must_use]
    pub fn lag(&self, now: Timestamp) -> SignedDuration {
        match self.as_of {
            Some(as_of) if self.state != StoreState::Paused => now.duration_since(as_of).max(SignedDuration::ZERO),
            _ => SignedDuration::ZERO,
        }
    }
}

/// Every store.
///
/// # Errors
/// As every statement.
pub async fn watched(tx: &ReadTx) -> Result<Vec<Watched>, DbError> {
    let rows = tx.query(include_str!("../../queries/store/watched.sql"), &[]).await?;
    known(&rows, |row| {
        let state = row.try_get::<_, &str>("state")?.parse();
        Ok(Watched {
            tenant_id: TenantId(row.try_get("tenant_id")?),
            id: StoreId(row.try_get("id")?),
            state: state.map_err(|_| DbError::Inconsistent { table: "store", column: "state" })?,
            state_reason: row.try_get("state_reason")?,
            as_of: row.try_get("as_of")?,
            freshness_goal: freshness_goal(row)?,
            foreign_letters: row.try_get("foreign_letters")?,
            other_letters: row.try_get("other_letters")?,
            has_webhook_gap: row.try_get("has_webhook_gap")?,
        })
    })
}
