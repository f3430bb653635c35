//! What a page of a walk comes to: records to ask about, and differences to report.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    drifts::NewDrift,
    sweeps::{self, HeldRow, Sweep},
};
use storewire_domain::{DriftKind, DriftOutcome, RemoteId, Resource};
use storewire_woo::Glance;
use uuid::Uuid;

use super::{
    super::{
        compare::{Plan, Planned, holdings},
        context::StoreContext,
        judge::WorkError,
        record::{Held, Key, Noun},
    },
    contents::{Contents, contents},
    different::{self, Detail, is_time_only},
};

/// What is known beside a page.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// What we hold where the page stands.
    pub(crate) held: &'a [HeldRow],
    /// When the page was asked for: what we saved later is newer than it.
    pub(crate) asked_at: Timestamp,
    /// Up to when the pull has read: what changed later is news, not drift.
    pub(crate) as_of: Timestamp,
}

/// Records that a glance casts doubt on.
#[derive(Default)]
pub(crate) struct Doubts {
    pub(crate) ids: Vec<RemoteId>,
    pub(crate) drifts: Vec<NewDrift>,
}

/// Compares a page of glances with what we hold.
pub(super) async fn doubts(
    context: &StoreContext,
    walk: &Sweep,
    glances: &[Glance],
    seen: Seen<'_>,
) -> Result<Doubts, WorkError> {
    // Met before, in the other listing, or gone as far as we know.
    let elsewhere = holdings(context, &strangers(walk, glances, seen.held)).await?;
    Ok(judge(walk, glances, &elsewhere, seen))
}

/// Records on a page of glances that we do not hold where it stands. Pure.
pub(crate) fn strangers(walk: &Sweep, glances: &[Glance], held: &[HeldRow]) -> Vec<Key> {
    let known: HashSet<&RemoteId> = held.iter().map(|row| &row.remote_id).collect();
    let strange = glances.iter().filter(|glance| !known.contains(&glance.remote_id));
    strange.map(|glance| (Noun::from(walk.resource), glance.remote_id.clone())).collect()
}

/// The same, knowing what we hold of the strangers. Pure.
pub(crate) fn judge(walk: &Sweep, glances: &[Glance], elsewhere: &HashMap<Key, Held>, seen: Seen<'_>) -> Doubts {
    let held: HashMap<&RemoteId, &HeldRow> = seen.held.iter().map(|row| (&row.remote_id, row)).collect();
    let mut doubts = Doubts::default();
    for glance in glances {
        let id = &glance.remote_id;
        let told = match (held.get(id), elsewhere.get(&(Noun::from(walk.resource), id.clone()))) {
            (Some(ours), _) if ours.saved_at > seen.asked_at => None,
            (Some(ours), _) => {
                let detail = different::difference(walk.resource, ours, glance);
                (!detail.is_empty()).then_some((DriftKind::Different, detail))
            }
            (None, Some(ours)) if ours.saved_at > seen.asked_at => None,
            (None, Some(ours)) => misplaced(walk, ours, glance),
            (None, None) if is_draft(walk.resource, glance) => None,
            (None, None) => Some((DriftKind::Missing, Detail::new())),
        };
        let Some((kind, detail)) = told else { continue };
        doubts.ids.push(id.clone());
        let is_news = glance.modified_at.is_some_and(|at| at >= seen.as_of);
        if !is_news && !is_time_only(&detail) {
            let detail = json!(detail);
            doubts.drifts.push(NewDrift { remote_id: id.clone(), kind, detail, outcome: None });
        }
    }
    doubts
}

/// A record that the store lists where we do not hold it.
fn misplaced(walk: &Sweep, ours: &Held, glance: &Glance) -> Option<(DriftKind, Detail)> {
    if ours.is_deleted {
        return Some((DriftKind::Missing, Detail::new()));
    }
    if ours.is_trashed == (walk.listing == "trash") {
        // Held in an earlier stretch: the listing has moved under the walk.
        return None;
    }
    let status = ours.fields.get("status").cloned().unwrap_or(Value::Null);
    Some((DriftKind::Different, Detail::from([("status", (status, json!(glance.status)))])))
}

/// Orders that were never placed are not kept.
fn is_draft(resource: Resource, glance: &Glance) -> bool {
    resource == Resource::Orders && matches!(glance.status.as_str(), "checkout-draft" | "auto-draft" | "draft" | "new")
}

/// The differences that comparing whole records came to. They are repaired together with being reported; those that only the store can tell are
/// asked about.
pub(super) async fn repairs(context: &StoreContext, plan: &Plan, seen: Seen<'_>) -> Result<Vec<NewDrift>, WorkError> {
    let drifted: Vec<&Planned> = plan.store.iter().filter(|planned| !is_news(planned, seen.as_of)).collect();
    let held = raw_of(context, &drifted).await?;
    let stored = drifted.into_iter().map(|planned| repaired(planned, &held));
    // What was written while the page was on its way is newer than the page: that is no difference.
    let is_overtaken = |id: &RemoteId| seen.held.iter().any(|row| row.remote_id == *id && row.saved_at > seen.asked_at);
    let asked = plan.ask.iter().filter(|((_, id), _)| !is_overtaken(id)).map(|((_, id), _)| NewDrift {
        remote_id: id.clone(),
        kind: DriftKind::Different,
        detail: json!({}),
        outcome: None,
    });
    Ok(stored.chain(asked).collect())
}

/// What we hold of those, as the store told it then.
async fn raw_of(context: &StoreContext, drifted: &[&Planned]) -> Result<HashMap<Uuid, String>, WorkError> {
    let ids: Vec<Uuid> = drifted.iter().filter_map(|planned| planned.held.as_ref()).map(|held| held.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = sweeps::contents(&tx, &ids).await?;
    tx.commit().await?;
    Ok(held)
}

fn is_news(planned: &Planned, as_of: Timestamp) -> bool {
    let record = &planned.incoming.record;
    record.modified_at().or_else(|| record.created_at()).is_some_and(|at| at >= as_of)
}

fn repaired(planned: &Planned, raws: &HashMap<Uuid, String>) -> NewDrift {
    let record = &planned.incoming.record;
    let held = planned.held.as_ref().filter(|held| !held.is_deleted);
    let raw = held.and_then(|held| raws.get(&held.id));
    let detail = raw.map_or_else(Contents::new, |raw| contents(raw, record.raw()));
    NewDrift {
        remote_id: record.key().1,
        kind: if held.is_some() { DriftKind::Different } else { DriftKind::Missing },
        detail: json!(detail),
        outcome: Some(DriftOutcome::Repaired),
    }
}

/// A record that we hold and the store does not list.
pub(super) fn extra(held: &HeldRow) -> NewDrift {
    let detail = if held.status.is_empty() { json!({}) } else { json!({ "status": [held.status, null] }) };
    NewDrift { remote_id: held.remote_id.clone(), kind: DriftKind::Extra, detail, outcome: None }
}
