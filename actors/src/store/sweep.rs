//! Walks everything that the store lists, by id, to find what no date of change tells.

use super::{context::StoreContext, duty::Next, judge::WorkError};

/// Reads one page of the walk under way.
pub(crate) async fn step(_context: &StoreContext) -> Result<Next, WorkError> {
    Ok(Next::Nudged)
}
