//! The walk over variations: one parent at a time, because products are listed without them, and a parent does not tell of their stock.

use jiff::Timestamp;
use storewire_db::{
    rechecks::RecheckKind,
    sweeps::{self, Sweep},
};
use storewire_domain::{RemoteId, Resource};
use storewire_woo::Failure;

use super::{
    super::{
        compare::{Plan, compare},
        context::StoreContext,
        duty::Next,
        follow::wish,
        judge::WorkError,
        keep::Along,
        listing::undecodable,
        pull::versions,
        recheck::read_variations,
        record::{Noun, Record},
    },
    progress::{self, absences},
    source,
    spot_check::is_believed,
    tell,
    write::write,
};

/// Reads all variations of the next parent, and moves the walk behind it. What was changed after `as_of` is news, not drift: word of it may
/// be on its way.
pub(super) async fn read_parent(context: &StoreContext, mut walk: Sweep, as_of: Timestamp) -> Result<Next, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let next = sweeps::next_parent(&tx, context.store, walk.position).await?;
    if walk.expected.is_none() {
        walk.expected = Some(sweeps::count_parents(&tx, context.store).await?);
    }
    tx.commit().await?;
    let mut along = Along::default();
    let Some((parent, number)) = next else {
        walk.finished_at = Some(context.now());
        return save(context, &walk, along).await;
    };
    walk.position = number;
    walk.done += 1;
    let asked_at = context.now();
    let (items, poison) = match read_variations(context, &parent).await {
        Ok(read) => read,
        Err(error) if error.class == Failure::Gone => {
            let key = (Noun::Product, parent);
            along.rechecks.push(wish(context, &key, RecheckKind::Product, "absent", source(walk.purpose)));
            return save(context, &walk, along).await;
        }
        // Not even one at a time: the parent is asked about by itself, as often as any record that cannot be read.
        Err(error) if context.pace.page_size() == 1 && !error.needs_attention() => {
            tracing::warn!(store.id = %context.store, %parent, %error, "variations cannot be read");
            let key = (Noun::Product, parent);
            along.rechecks.push(wish(context, &key, RecheckKind::Variations, "unreadable", source(walk.purpose)));
            return save(context, &walk, along).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut ids: Vec<RemoteId> = items.iter().map(|item| item.value.remote_id.clone()).collect();
    ids.extend(poison.iter().filter_map(|bad| bad.remote_id.clone()));
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = sweeps::held_variations(&tx, context.store, &parent).await?;
    tx.commit().await?;
    let absent = progress::absent(&held, &ids, asked_at);
    let mut found = Vec::new();
    if is_believed(context, &walk, &absent, held.len()).await? {
        along.rechecks = absences(&walk, &absent, context.now());
        found.extend(absent.iter().map(|row| tell::extra(row)));
    } else {
        // One product's list says nothing of the others': the walk goes on.
        tracing::warn!(store.id = %context.store, %parent, suspects = absent.len(), "list of variations is not believed");
    }
    let now = context.now();
    along.dead = poison.into_iter().map(|bad| undecodable(context.store, Resource::Variations, bad, now)).collect();
    let records = items.into_iter().map(|item| Record::Product(Box::new(item))).collect();
    let desk = context.desk().await;
    let plan = compare(context, &desk, versions(records, source(walk.purpose), asked_at, now)).await?;
    found.extend(tell::repairs(context, &plan, tell::Seen { held: &held, asked_at, as_of }).await?);
    write(context, &desk, &walk, &plan, along, &found).await?;
    Ok(Next::Now)
}

async fn save(context: &StoreContext, walk: &Sweep, along: Along<'_>) -> Result<Next, WorkError> {
    let desk = context.desk().await;
    write(context, &desk, walk, &Plan::default(), along, &[]).await?;
    Ok(Next::Now)
}
