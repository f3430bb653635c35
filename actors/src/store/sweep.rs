//! Walks everything that the store lists, by id, to find what no date of change tells: records that were deleted, imported or changed
//! past WooCommerce, and what deliveries and pulls have missed.
//!
//! A sweep reads light listings and asks about what looks different; a reconcile reads whole records and repairs at once. Neither believes
//! that a record is gone because a listing lacks it: that is only a reason to ask.

mod close;
mod contents;
mod different;
mod page;
pub(super) mod progress;
pub(super) mod schedule;
pub(super) mod spot_check;
pub(super) mod tell;
mod variations;
mod write;

use std::time::Duration;

use jiff::SignedDuration;
use storewire_db::{checkpoints, rechecks, sweeps};
use storewire_domain::{Purpose, Resource, Source, StoreId};

use self::schedule::{Rhythm, Task, next_task};
use super::{context::StoreContext, duty::Next, judge::WorkError};
use crate::failpoint;

/// Until what a run has wondered about is asked about.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Reads one page of the walk under way, or sees what is to be walked next.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let checkpoints = checkpoints::list(&tx, context.store).await?;
    let walks = sweeps::all(&tx, context.store).await?;
    let waiting = rechecks::count_walked(&tx, context.store).await?;
    tx.commit().await?;
    let Some(imported_at) = checkpoints.iter().map(|one| one.backfilled_at).min().flatten() else {
        // The pull says when everything was read once.
        return Ok(Next::Nudged);
    };
    let now = context.now();
    match next_task(&walks, waiting > 0, &rhythm(context), imported_at, now) {
        Task::Begin(purpose) => {
            let tx = context.write().await?;
            let run = sweeps::begin(&tx, context.store, purpose, now).await?;
            tx.commit().await?;
            tracing::info!(store.id = %context.store, %purpose, %run, "walk over everything begins");
            Ok(Next::Now)
        }
        Task::Walk(walk) => {
            failpoint!("store.before_walk", context.store);
            let as_of = checkpoints.iter().find(|one| (one.resource, one.listing) == (walk.resource, walk.listing));
            let as_of =
                as_of.map_or_else(|| checkpoints.iter().map(|one| one.position).min(), |one| Some(one.position));
            let as_of = as_of.unwrap_or(imported_at);
            if walk.resource == Resource::Variations {
                variations::read_parent(context, walk, as_of).await
            } else {
                page::read_page(context, walk, as_of).await
            }
        }
        Task::Settle => Ok(Next::In(LOOK_AGAIN.min(context.shared.config.sweep_interval))),
        Task::Close(purpose) => close::close(context, purpose, &walks).await,
        Task::Wait(until) => {
            let wait = until.duration_since(now).max(SignedDuration::ZERO);
            Ok(Next::In(wait.unsigned_abs()))
        }
    }
}

fn rhythm(context: &StoreContext) -> Rhythm {
    Rhythm {
        sweep_interval: context.shared.config.sweep_interval,
        reconcile_interval: context.shared.config.reconcile_interval,
        zone: context.zone.clone(),
        seed: seed(context.store),
    }
}

/// A store's own place in the night, from its id.
fn seed(store: StoreId) -> u8 {
    let bytes = store.uuid().into_bytes();
    bytes[8..].iter().fold(0, |seed, byte| seed ^ byte)
}

/// What the change log names as the source of what a walk finds.
pub(super) const fn source(purpose: Purpose) -> Source {
    match purpose {
        Purpose::Sweep => Source::Sweep,
        Purpose::Reconcile => Source::Reconcile,
    }
}
