//! What holds when trouble has ended and everything has arrived.

use std::collections::BTreeSet;

use storewire_db::inbox::Verdict;
use storewire_domain::delivery::TOPICS;

use super::{super::world::World, Breach, at_once::difference};

/// What is not as it should be yet.
pub(super) fn open(world: &World) -> Vec<String> {
    let mut open: Vec<String> = world.shop.records.values().filter_map(|kept| difference(world, kept)).collect();
    let waiting = world.rows.inbox.iter().filter(|waiting| waiting.verdict.is_none());
    open.extend(waiting.map(|waiting| format!("delivery {} waits", waiting.delivery.id)));
    open.extend(world.rows.rechecks.values().map(|wish| format!("{wish:?}")));
    let unfinished = world.rows.intents.iter().filter(|intent| !intent.is_finished);
    open.extend(unfinished.map(|intent| format!("{:?}", intent.open)));
    let silent = TOPICS.iter().filter(|topic| world.shop.hooks_of(topic).len() != 1);
    open.extend(silent.map(|topic| format!("{topic} is not delivered once")));
    open
}

/// What must be true of the rows when all is done.
pub(super) fn left_over(world: &World) -> Result<(), Breach> {
    let mut wrong = Vec::new();
    let kept: BTreeSet<_> = world.rows.inbox.iter().map(|waiting| waiting.delivery.id).collect();
    let lost = world.acknowledged.difference(&kept);
    wrong.extend(lost.map(|id| format!("delivery {id} was acknowledged and is lost")));
    let is_dead = |verdict: &Option<Verdict>| matches!(verdict, Some(Verdict::Dead(_)));
    let dead = world.rows.inbox.iter().filter(|waiting| is_dead(&waiting.verdict)).count();
    if dead != world.poison {
        wrong.push(format!("{dead} deliveries were set aside, {} were poison", world.poison));
    }
    let innocent = world.rows.dead.iter().filter(|cause| **cause != "undecodable");
    wrong.extend(innocent.map(|cause| format!("something was set aside as {cause}")));
    let strangers = world.rows.copy.keys().filter(|key| !world.shop.records.values().any(|kept| kept.key == **key));
    wrong.extend(strangers.map(|key| format!("{key:?} was never in the store")));
    if wrong.is_empty() { Ok(()) } else { Err(("nothing is lost or left over", wrong)) }
}
