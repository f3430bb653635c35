//! How writes end, told to those at the desk who wait for it, in the same transaction.

use jiff::Timestamp;
use serde_json::Value;
use storewire_db::{DbError, TenantTx, changes::NewChange};
use storewire_domain::{IntentState, Source, intent::Cause};
use uuid::Uuid;

use super::{requests, returns};

/// An intent that has just become final.
#[derive(Debug)]
pub(crate) struct EndedIntent<'a> {
    pub(crate) id: Uuid,
    pub(crate) cause: &'a Cause,
    pub(crate) state: IntentState,
    pub(crate) reason: Option<&'a str>,
    /// What the store then held.
    pub(crate) result: Option<&'a Value>,
}

/// Has requests and returns follow the ends of their intents, and answers what the change log is to say of it. Intents that neither caused,
/// and none at all, cost nothing worth naming.
pub(crate) async fn follow(
    tx: &TenantTx,
    intents: &[EndedIntent<'_>],
    source: Source,
    now: Timestamp,
) -> Result<Vec<NewChange>, DbError> {
    let mut log = requests::follow(tx, intents, source, now).await?;
    log.extend(returns::follow(tx, intents, source, now).await?);
    Ok(log)
}
