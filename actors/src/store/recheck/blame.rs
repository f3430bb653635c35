//! Whose fault a failed question is, and what becomes of a record that cannot be read.

use std::fmt::Display;

use storewire_db::{
    dead_letters::NewDeadLetter,
    rechecks::{self, Recheck},
};
use storewire_woo::WooError;

use super::super::{
    compare::Plan,
    context::StoreContext,
    isolate::is_of_record,
    judge::WorkError,
    keep::{Along, keep},
    listing::content_id,
};
use super::fate::{is_proof_due, next_try};

/// How often a store must answer before a record of it is set aside.
pub(crate) const PROOFS: usize = 8;

/// A failure that is the record's own puts that record off, and sets it aside in the end; one of the store is the store's.
///
/// A store that was just mended answers every proof, and this failure may have been its last. So a record is set aside only by a failure
/// that follows a proof.
pub(super) async fn blame(context: &StoreContext, wanted: &Recheck, error: WooError) -> Result<(), WorkError> {
    let tries = context.shared.config.recheck_attempts;
    if !is_of_record(context, &error).await || is_proof_due(wanted, tries) && !is_store_well(context).await {
        return Err(error.into());
    }
    give_up_after(context, wanted, "unreadable", &error, tries.saturating_add(1)).await
}

/// Whether the store answers each time. One that fails now and then fails most where much is asked, and must not have a record blamed for
/// good.
async fn is_store_well(context: &StoreContext) -> bool {
    for _ in 0..PROOFS {
        if context.ping_orders().await.is_err() {
            return false;
        }
    }
    true
}

/// Tries a record again later, and sets it aside in the end.
pub(super) async fn put_off(
    context: &StoreContext,
    wanted: &Recheck,
    cause: &'static str,
    error: &impl Display,
) -> Result<(), WorkError> {
    give_up_after(context, wanted, cause, error, context.shared.config.recheck_attempts).await
}

async fn give_up_after(
    context: &StoreContext,
    wanted: &Recheck,
    cause: &'static str,
    error: &impl Display,
    tries: i16,
) -> Result<(), WorkError> {
    let attempts = wanted.attempts.saturating_add(1);
    tracing::warn!(store.id = %context.store, %error, record = %wanted.remote_id, kind = wanted.kind.as_str(), attempts, cause, "record is put off");
    let now = context.now();
    let Some(until) = next_try(wanted, tries, &context.shared.config.retry, rand::random(), now) else {
        let desk = context.desk().await;
        let dead = vec![letter(context, wanted, cause, error)];
        let along = Along { settled: vec![wanted.clone()], dead, ..Along::default() };
        return keep(context, &desk, &Plan::default(), along).await;
    };
    let tx = context.write().await?;
    rechecks::postpone(&tx, context.store, wanted, until, &error.to_string()).await?;
    Ok(tx.commit().await?)
}

fn letter(
    context: &StoreContext,
    wanted: &Recheck,
    cause: &'static str,
    error: &impl Display,
) -> NewDeadLetter<'static> {
    metrics::counter!("storewire_dead_letters_total").increment(1);
    let what = format!("{} {}", wanted.kind.as_str(), wanted.remote_id);
    NewDeadLetter {
        // A record that every walk wonders about is set aside once.
        id: content_id(context.store, what.as_bytes()),
        origin: "record",
        topic: wanted.kind.as_str(),
        remote_id: Some(wanted.remote_id.0.clone()),
        cause,
        reason: error.to_string(),
        body: Vec::new(),
        received_at: wanted.received_at.unwrap_or_else(|| context.now()),
    }
}
