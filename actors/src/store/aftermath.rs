//! What follows from news of records, in the transaction that stores them, beside the records themselves.

mod requests;
mod stock;

use jiff::Timestamp;
use storewire_db::{DbError, TenantTx, changes::NewChange};
use storewire_domain::StoreId;

use super::compare::Plan;

/// Carries out what follows from a plan, and answers what the change log is to say of it. To be polled behind what writes the plan's
/// records: whoever asks for something meanwhile holds its record still, so that none of it is missed.
pub(super) async fn of(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<Vec<NewChange>, DbError> {
    let (mut log, moved) = tokio::try_join!(
        biased;
        requests::of(tx, store, plan, now),
        stock::of(tx, store, plan, now),
    )?;
    log.extend(moved);
    Ok(log)
}
