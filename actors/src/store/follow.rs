//! What a change makes us ask the store next: what a version does not carry, and what changes along without a word.

use jiff::Timestamp;
use storewire_db::rechecks::{NewRecheck, RecheckKind};
use storewire_domain::{RemoteId, Source};

use super::{
    compare::{Incoming, Plan, Planned},
    context::StoreContext,
    record::{Key, Noun, Record, difference},
};

/// What is to be asked after a plan was carried out: what follows from it, and `along`, which says more of the same record. Pure.
pub(crate) fn wishes(plan: &Plan, along: Vec<NewRecheck>, now: Timestamp) -> Vec<NewRecheck> {
    let is_same = |one: &NewRecheck, other: &NewRecheck| (one.kind, &one.remote_id) == (other.kind, &other.remote_id);
    let mut wishes = follow_up(plan, now);
    wishes.retain(|wish| !along.iter().any(|other| is_same(wish, other)));
    wishes.extend(along);
    wishes
}

/// The wishes that follow from a plan: what only the store can tell, refund lines, variations, stale parents.
fn follow_up(plan: &Plan, now: Timestamp) -> Vec<NewRecheck> {
    let wish = |key: &Key, kind, reason, source| wish_at(now, key, kind, reason, source);
    let mut wishes: Vec<NewRecheck> =
        plan.ask.iter().map(|(key, source)| wish(key, RecheckKind::from(key.0), "doubtful", *source)).collect();
    for planned in &plan.store {
        let source = planned.incoming.source;
        match &planned.incoming.record {
            Record::Order(_) if lacks_refund_lines(planned) => {
                wishes.push(wish(&planned.incoming.record.key(), RecheckKind::Refunds, "lines", source));
            }
            Record::Product(item) => {
                // A product that ceases to be variable loses its variations without a word.
                let had_variations = planned.held.as_ref().is_some_and(|held| held.has_variations);
                if item.value.is_variable() || had_variations {
                    let key = planned.incoming.record.key();
                    wishes.push(wish(&key, RecheckKind::Variations, "variations", source));
                }
                if let Some(parent) = stale_parent(plan, planned) {
                    let key = (Noun::Product, parent);
                    wishes.push(wish(&key, RecheckKind::Product, "parent", source));
                }
            }
            _ => {}
        }
    }
    // A parent that was saved without a change of its own may have been saved with its variations.
    for planned in plan.touch.iter().filter(|planned| planned.incoming.trust.asked_at().is_some()) {
        if let Record::Product(item) = &planned.incoming.record
            && item.value.is_variable()
        {
            let key = planned.incoming.record.key();
            wishes.push(wish(&key, RecheckKind::Variations, "variations", planned.incoming.source));
        }
    }
    let received = |id: &RemoteId| plan.store.iter().find(|planned| planned.incoming.record.key().1 == *id);
    for wish in &mut wishes {
        wish.received_at = received(&wish.remote_id).map(|planned| planned.incoming.received_at);
    }
    wishes.sort_unstable_by(|a, b| (a.kind, &a.remote_id).cmp(&(b.kind, &b.remote_id)));
    wishes.dedup_by(|a, b| (a.kind, &a.remote_id) == (b.kind, &b.remote_id));
    wishes
}

/// The wishes that follow from a page of a walk: the variations of each parent that was saved since then, though our copy of it be the same
/// already. A variation that sells moves its parent's date. But word of the variation itself may be lost, and another of its family, sold in
/// the same second or later, may have brought our copy of the parent up to date. Pure.
pub(crate) fn families(page: &[Incoming], since: Timestamp, now: Timestamp) -> Vec<NewRecheck> {
    let is_due = |version: &&Incoming| {
        let Record::Product(item) = &version.record else { return false };
        item.value.is_variable() && item.value.modified_at.is_none_or(|at| at >= since)
    };
    let wish = |version: &Incoming| NewRecheck {
        received_at: Some(version.received_at),
        ..wish_at(now, &version.record.key(), RecheckKind::Variations, "variations", version.source)
    };
    page.iter().filter(is_due).map(wish).collect()
}

/// A wish that is due now.
pub(crate) fn wish(
    context: &StoreContext,
    key: &Key,
    kind: RecheckKind,
    reason: &'static str,
    source: Source,
) -> NewRecheck {
    wish_at(context.now(), key, kind, reason, source)
}

/// A wish that is due then.
pub(crate) fn wish_at(
    due_at: Timestamp,
    key: &Key,
    kind: RecheckKind,
    reason: &'static str,
    source: Source,
) -> NewRecheck {
    NewRecheck { kind, remote_id: key.1.clone(), reason, source, received_at: None, due_at }
}

fn lacks_refund_lines(planned: &Planned) -> bool {
    let Record::Order(item) = &planned.incoming.record else { return false };
    let is_known =
        |id: &RemoteId| planned.held.as_ref().is_some_and(|held| held.refunds.get(id.as_str()) == Some(&true));
    item.value.refunds.iter().any(|refund| refund.lines.is_empty() && !is_known(&refund.remote_id))
}

/// The parent of a variation whose price or stock status changed: the store derives the parent's from them, often without
/// moving the parent's modification time or sending word of it.
fn stale_parent(plan: &Plan, planned: &Planned) -> Option<RemoteId> {
    let Record::Product(item) = &planned.incoming.record else { return None };
    let parent = item.value.parent_remote_id.clone()?;
    let before = planned.held.as_ref().map(|held| &held.fields);
    let changed = difference(before, planned.incoming.record.fields());
    let matters = ["price", "stock_status", "status"].iter().any(|field| changed.contains_key(field));
    let is_fresh = plan.store.iter().any(|other| other.incoming.record.key() == (Noun::Product, parent.clone()));
    (matters && !is_fresh).then_some(parent)
}
