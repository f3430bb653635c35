//! Deliveries that our own writes caused: known by their content, never by when they came.

use jiff::SignedDuration;
use storewire_db::{DbError, TenantTx, intents};

use crate::store::{
    compare::Plan,
    context::StoreContext,
    record::{Key, Record},
};

/// For so long a store may take to deliver what a write of ours caused.
const ECHO: SignedDuration = SignedDuration::from_hours(24);

/// Names the echoes among the versions that change nothing.
pub(crate) async fn name_echoes<'a>(
    tx: &TenantTx,
    context: &StoreContext,
    plan: &mut Plan,
    versions: impl Iterator<Item = (&'a Key, &'a Record)>,
) -> Result<(), DbError> {
    let unchanged: Vec<(&Key, [u8; 32])> = versions
        .filter(|(key, _)| plan.ignored.get(*key).is_some_and(|reason| matches!(*reason, "same" | "older")))
        .map(|(key, record)| (key, record.content_hash()))
        .collect();
    if unchanged.is_empty() {
        return Ok(());
    }
    let since = context.now().saturating_sub(ECHO).unwrap_or(context.now());
    let hashes: Vec<&[u8]> = unchanged.iter().map(|(_, hash)| hash.as_slice()).collect();
    let echoes = intents::echoes(tx, context.store, &hashes, since).await?;
    for (key, hash) in unchanged {
        if echoes.contains(hash.as_slice()) {
            plan.ignored.insert(key.clone(), "echo");
        }
    }
    Ok(())
}
