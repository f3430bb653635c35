//! Writes intents to the store and proves that they arrived.
//!
//! Each is read fresh, compared with what the person saw, noted as being sent, sent as the smallest change, and read back; only then is it
//! done. Whatever leaves the outcome open (a timeout, a cut, a kill) leaves a row behind that says so: the store is read until it tells,
//! and only what it certainly does not hold is sent again.

mod batch;
mod create;
mod echo;
pub(super) mod fresh;
mod goods;
mod learned;
mod note;
mod patch;
mod place;
pub(super) mod settle;
pub(super) mod single;
mod tracking;
pub(super) mod trouble;
pub(super) mod verdict;

use storewire_db::intents;

use super::{context::StoreContext, duty::Next, judge::WorkError, pull::jittered};

pub(crate) use echo::name_echoes;
pub(crate) use learned::Learned;
pub(crate) use settle::transition;

/// Records looked at in one step; those due first.
const LOOK_AHEAD: u32 = 200;

/// Takes the oldest intents one step on: one alone, or several of a kind together.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let open = intents::open(&tx, context.store, LOOK_AHEAD).await?;
    tx.commit().await?;
    let now = context.now();
    let num_due = open.iter().take_while(|intent| intent.due_at <= now).count();
    let (due, later) = open.split_at(num_due);
    let Some(first) = due.first() else {
        // A nudge can be lost, and a clock be set back: the rows are looked at now and then, whoever says so.
        let poll = jittered(context.shared.config.pull_interval);
        let wait = later.first().map_or(poll, |intent| intent.due_at.duration_since(now).unsigned_abs());
        return Ok(Next::In(wait.min(poll)));
    };
    match batch::gather(context, due) {
        Some(batch) => batch::write(context, &batch).await?,
        None => single::write(context, first).await?,
    }
    Ok(Next::Now)
}
