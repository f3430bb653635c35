//! What holds at every moment, whatever goes wrong: nothing goes back, nothing is made twice, and nothing is wrong without anybody knowing.
//!
//! What was told, read or walked over is right in our copy, or there is a question about it. So a mistake is seen where it is made, and not
//! only if nothing else happens to mend it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use storewire_domain::{Edit, IntentState, Purpose, Resource};

use super::{
    super::{
        super::record::Noun,
        shop::{Kept, Place},
        time::{SECOND, Tick, our_time},
        world::World,
    },
    Breach,
};

/// How long a question may wait for its turn with a store that answers.
const PATIENCE: Tick = 200 * SECOND;

pub(super) fn look(world: &World) -> Result<(), Breach> {
    let breach = |rule, detail: Vec<String>| if detail.is_empty() { Ok(()) } else { Err((rule, detail)) };
    if world.is_restless() {
        return Err(("nobody is busy for nothing", vec![format!("{} steps", world.num_steps)]));
    }
    breach("each change is made once, or reported failed", doubled(world))?;
    if world.plan.sets_clock() {
        // Dates lie then: only the end counts.
        return Ok(());
    }
    breach("nothing goes back in time", setbacks(world))?;
    if world.rows.inbox.iter().all(|waiting| waiting.verdict.is_some()) {
        breach("what was delivered is there, or asked about", unknown(world, Kept::is_told))?;
    }
    breach("no question waits for long", impatient(world))?;
    if world.plan.world.lacks_totals {
        // Walks go forwards then, over rows that move: what slips past one is found by a later one.
        return Ok(());
    }
    breach("what a pull has passed is there, or asked about", unknown(world, |kept| is_read(world, kept)))?;
    breach("what a walk has passed is there, or asked about", unknown(world, |kept| is_walked(world, kept)))
}

/// Records that are wrong in our copy without a question about them.
fn unknown(world: &World, is_meant: impl Fn(&Kept) -> bool) -> Vec<String> {
    let meant = world.shop.records.values().filter(|kept| is_meant(kept));
    let is_asked =
        |kept: &Kept| world.rows.rechecks.keys().any(|(kind, id)| (*kind, id) == (kept.key.0.into(), &kept.key.1));
    meant.filter(|kept| !is_asked(kept)).filter_map(|kept| difference(world, kept)).collect()
}

/// How our copy of a record differs from it.
pub(super) fn difference(world: &World, kept: &Kept) -> Option<String> {
    let row = world.rows.copy.get(&kept.key).filter(|row| !row.held.is_deleted);
    let is_right = match (kept.place, row) {
        (Place::Gone, None) => true,
        (Place::Gone, Some(_)) | (_, None) => false,
        (place, Some(row)) => {
            row.held.content_hash == kept.content_hash
                && row.held.modified_at == kept.record.modified_at()
                && row.held.is_trashed == (place == Place::Trash)
        }
    };
    let ours = || row.map(|row| (&row.held.modified_at, row.held.is_trashed));
    (!is_right)
        .then(|| format!("{:?} {} is {:?} with {}, our copy {:?}", kept.noun, kept.id, kept.place, kept.body, ours()))
}

/// Whether the last change of a record lies in a window that was opened after it and read to its end. A store that lists nothing while we
/// know nothing of it cannot be told from an empty one: what it kept back is found by a walk.
fn is_read(world: &World, kept: &Kept) -> bool {
    let resource = if kept.noun == Noun::Order { Resource::Orders } else { Resource::Products };
    let listing = (resource, if kept.place == Place::Trash { "trash" } else { "any" });
    let Some(read) = world.rows.read.iter().find(|read| read.listing == listing) else { return false };
    let checkpoint = world.rows.checkpoints.iter().find(|one| (one.resource, one.listing) == listing);
    let is_inside = checkpoint.is_some_and(|one| kept.modified < one.position.as_second());
    let is_heard = world.deaf.iter().all(|(deaf, at)| *deaf != listing || *at < kept.changed_at);
    kept.is_dated && is_inside && is_heard && read.opened_at > our_time(kept.changed_at)
}

/// Whether a run that began after the last change of a record is over. One that a silent list spoiled says nothing, and none knows of what we
/// heard of later: a late delivery can bring back what was deleted meanwhile.
fn is_walked(world: &World, kept: &Kept) -> bool {
    let saved_at = world.rows.copy.get(&kept.key).map(|row| row.held.saved_at);
    world.rows.sweeps.iter().any(|walk| {
        let began_at =
            walk.started_at.filter(|_| walk.is_closed()).filter(|at| saved_at.is_none_or(|saved| saved < *at));
        let is_whole = began_at.is_some_and(|at| world.shop.muted_at.is_none_or(|mute| our_time(mute) < at));
        let is_steady = began_at.zip(walk.closed_at).is_some_and(|run| is_steady(world, kept, run));
        let is_seen = walk.purpose == Purpose::Reconcile || !kept.is_deep;
        is_whole && is_steady && is_seen && began_at.is_some_and(|at| at > our_time(kept.changed_at))
    })
}

/// Whether a walk that slips past a row can tell by the listing's total: not if as many records entered behind as left in front.
fn is_steady(world: &World, kept: &Kept, (began_at, closed_at): (Timestamp, Timestamp)) -> bool {
    let place = if kept.place == Place::Trash { Place::Trash } else { Place::Listed };
    let moves = world.shop.moves.iter().filter(|(at, noun, of, _)| {
        (*noun, *of) == (kept.noun, place) && (began_at..=closed_at).contains(&our_time(*at))
    });
    let (mut has_entered, mut has_left) = (false, false);
    for (.., is_in) in moves {
        (has_entered, has_left) = (has_entered || *is_in, has_left || !*is_in);
    }
    !(has_entered && has_left)
}

fn setbacks(world: &World) -> Vec<String> {
    world.rows.setbacks.iter().map(|((noun, id), what)| format!("{noun:?} {id}: {what}")).collect()
}

/// Intents that were carried out more than once, changes that nobody wanted, and ends that are not true.
fn doubled(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut wanted = BTreeSet::new();
    for intent in &world.rows.intents {
        let Edit::Stock { quantity } = &intent.open.edit else { continue };
        let quantity = i64::try_from(*quantity).unwrap_or(0);
        wanted.insert(quantity);
        let times = world.shop.writes.iter().filter(|(_, written)| *written == quantity).count();
        let is_done = intent.is_finished && intent.open.state == IntentState::Done;
        if times > 1 || is_done && times == 0 {
            wrong.push(format!("{quantity} was written {times} times: {:?}, {:?}", intent.open, intent.reason));
        }
    }
    let unasked = world.shop.writes.iter().filter(|(_, written)| !wanted.contains(written));
    wrong.extend(unasked.map(|(id, quantity)| format!("nobody wanted {quantity} of {id}")));
    wrong
}

/// Questions that have been due for long although the store answers.
fn impatient(world: &World) -> Vec<String> {
    let Some(well_since) = world.well_since() else { return Vec::new() };
    let overdue = world.rows.rechecks.values().filter(|wish| {
        let since = wish.due_at.max(our_time(well_since));
        wish.attempts == 0 && world.our_time().duration_since(since).as_micros() > i128::from(PATIENCE)
    });
    overdue.map(|wish| format!("{wish:?}")).collect()
}
