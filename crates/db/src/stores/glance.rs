//! What the pages of other records tell of stores: names, and how fresh they are.

use std::time::Duration;

use jiff::Timestamp;
use storewire_domain::{StoreId, StoreState};

use super::row::{StoreRow, freshness_goal, is_stale};
use crate::{DbError, ReadTx};

/// A store without its numbers, which cost more than all the rest of a page.
#[derive(Clone, Debug)]
pub struct StoreGlance {
    pub id: StoreId,
    pub name: String,
    pub state: StoreState,
    /// As in [`StoreRow`].
    pub state_reason: Option<String>,
    /// As in [`StoreRow`].
    pub as_of: Option<Timestamp>,
    pub freshness_goal: Duration,
}

impl StoreGlance {
    /// Whether its numbers are older than its goal allows.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        is_stale(self.state, self.as_of, self.freshness_goal, now)
    }
}

impl From<&StoreRow> for StoreGlance {
    fn from(row: &StoreRow) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            state: row.state,
            state_reason: row.state_reason.clone(),
            as_of: row.as_of,
            freshness_goal: row.freshness_goal,
        }
    }
}

/// The stores that the reader may see, by name.
///
/// # Errors
/// As every statement.
pub async fn glances(tx: &ReadTx) -> Result<Vec<StoreGlance>, DbError> {
    let rows = tx.query(include_str!("../../queries/store/glances.sql"), &[&tx.stores_in_sight()]).await?;
    rows.iter()
        .map(|row| {
            let state = row.try_get::<_, &str>("state")?.parse();
            Ok(StoreGlance {
                id: StoreId(row.try_get("id")?),
                name: row.try_get("name")?,
                state: state.map_err(|_| DbError::Inconsistent { table: "store", column: "state" })?,
                state_reason: row.try_get("state_reason")?,
                as_of: row.try_get("as_of")?,
                freshness_goal: freshness_goal(row)?,
            })
        })
        .collect()
}
