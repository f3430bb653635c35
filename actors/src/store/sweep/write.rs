//! What a step of a walk came to is stored in one transaction with the walk's new place.

use storewire_db::{
    drifts::{self, NewDrift},
    sweeps::{self, Sweep},
};

use super::{
    super::{
        compare::Plan,
        context::{Desk, StoreContext},
        follow::wish,
        judge::WorkError,
        keep::{Along, Keeping},
        record::Key,
    },
    source,
};

/// Stores a step. A page that the database refuses is passed: its records are asked about one by one, so that the one at fault holds up none
/// of the others.
pub(super) async fn write(
    context: &StoreContext,
    desk: &Desk<'_>,
    walk: &Sweep,
    plan: &Plan,
    along: Along<'_>,
    found: &[NewDrift],
) -> Result<(), WorkError> {
    let error = match commit(context, desk, walk, plan, along, found).await {
        Err(WorkError::Db(error)) if error.is_refusal() && !plan.store.is_empty() => error,
        done => return done,
    };
    let written = plan.store.iter().chain(&plan.touch).map(|planned| planned.incoming.record.key());
    let keys: Vec<Key> = written.chain(plan.ask.iter().map(|(key, _)| key.clone())).collect();
    tracing::error!(store.id = %context.store, %error, records = keys.len(), "a page of a walk is refused by the database");
    let ask = |key: &Key| wish(context, key, key.0.into(), "unreadable", source(walk.purpose));
    let along = Along { rechecks: keys.iter().map(ask).collect(), ..Along::default() };
    commit(context, desk, walk, &Plan::default(), along, &[]).await
}

async fn commit(
    context: &StoreContext,
    desk: &Desk<'_>,
    walk: &Sweep,
    plan: &Plan,
    along: Along<'_>,
    found: &[NewDrift],
) -> Result<(), WorkError> {
    let mut keeping = Keeping::open(context, desk).await?;
    keeping.write(plan, along).await?;
    if let Some(run) = walk.run_id {
        drifts::insert(keeping.tx(), context.store, run, walk.resource, found, keeping.now()).await?;
    }
    let drifted = walk.drifted.saturating_add(i64::try_from(found.len()).unwrap_or(i64::MAX));
    sweeps::save(keeping.tx(), context.store, &Sweep { drifted, ..walk.clone() }).await?;
    keeping.commit().await
}
