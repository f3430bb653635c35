//! The end of a run: all walks are made, all that they wondered about was asked, and the store's people read what it came to.

use std::collections::BTreeMap;

use serde_json::json;
use storewire_db::{
    changes::NewChange,
    diary::NewEntry,
    drifts::{self, Tally},
    sweeps::{self, Sweep},
};
use storewire_domain::{ChangeKind, Purpose, Source};

use super::super::{
    compare::Plan,
    context::StoreContext,
    duty::Next,
    judge::WorkError,
    keep::{Along, Keeping},
};

/// Ends a run. A reconcile is told of in the diary.
pub(super) async fn close(context: &StoreContext, purpose: Purpose, walks: &[Sweep]) -> Result<Next, WorkError> {
    let run = || walks.iter().filter(|walk| walk.purpose == purpose);
    let desk = context.desk().await;
    let mut keeping = Keeping::open(context, &desk).await?;
    let now = keeping.now();
    let tally = match run().find_map(|walk| walk.run_id) {
        Some(id) => drifts::tally(keeping.tx(), context.store, id).await?,
        None => Tally::default(),
    };
    let checked: i64 = run().map(|walk| walk.done).sum();
    let started_at = run().filter_map(|walk| walk.started_at).min().unwrap_or(now);
    let seconds = now.duration_since(started_at).as_secs();
    tracing::info!(store.id = %context.store, %purpose, checked, found = tally.found, seconds, "walk over everything is over");
    let mut along = Along::default();
    if purpose == Purpose::Reconcile {
        let detail = json!({
            "checked": checked,
            "drifted": tally.found,
            "repaired": tally.repaired,
            "gone": tally.gone,
            "open": tally.open,
            "seconds": seconds,
        });
        along.diary.push(NewEntry::of_engine("reconciled", detail));
        along.changes.push(NewChange {
            kind: ChangeKind::StoreChanged,
            entity_id: context.store.uuid(),
            source: Source::Reconcile,
            store_time: None,
            received_at: None,
            detail: BTreeMap::new(),
        });
    }
    keeping.write(&Plan::default(), along).await?;
    sweeps::close(keeping.tx(), context.store, purpose, now).await?;
    keeping.commit().await?;
    Ok(Next::Now)
}
