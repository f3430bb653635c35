//! What must hold of a world: at every look at it while it lives, and within a bound of its own time once its trouble has ended.

mod at_once;
mod in_the_end;

use super::{
    plan::{Plan, TROUBLE},
    time::{MINUTE, SECOND, Tick, ticks},
    world::World,
};

/// How often a world is looked at.
const LOOK: Tick = 15 * SECOND;

/// What a world came to that went well.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome {
    /// From the end of the trouble until everything agreed.
    pub(super) took: Tick,
    pub(super) deliveries: usize,
    pub(super) writes: usize,
    pub(super) records: usize,
}

/// What a world broke.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) rule: &'static str,
    pub(super) detail: Vec<String>,
    pub(super) tale: Vec<String>,
}

/// A rule, and what breaks it.
type Breach = (&'static str, Vec<String>);

/// Lets a world live, and judges it.
pub(super) fn judge(plan: &Plan, is_told: bool) -> Result<Outcome, Broken> {
    let mut world = World::new(plan, is_told);
    let ended = live(&mut world);
    ended.map_err(|(rule, detail)| Broken { rule, detail, tale: world.tale.take().unwrap_or_default() })
}

fn live(world: &mut World) -> Result<Outcome, Breach> {
    while world.now < TROUBLE {
        world.live_until((world.now + LOOK).min(TROUBLE));
        at_once::look(world)?;
    }
    world.calm_down();
    loop {
        at_once::look(world)?;
        let took = world.now - TROUBLE;
        let open = in_the_end::open(world);
        if open.is_empty() && !world.is_anything_coming() {
            in_the_end::left_over(world)?;
            let (deliveries, writes) = (world.acknowledged.len(), world.shop.writes.len());
            return Ok(Outcome { took, deliveries, writes, records: world.shop.records.len() });
        }
        if took > longest(world) {
            return Err(("everything agrees within the time that finds everything", open));
        }
        world.live_until(world.now + LOOK);
    }
}

/// A rest that was earned in the trouble, the way through what had piled up, and the walk that finds what nothing else tells. The run
/// under way may have passed it already.
fn longest(world: &World) -> Tick {
    let config = &world.config;
    let pull = ticks(config.pull_interval) * 11 / 10;
    let reconcile = ticks(config.reconcile_interval) * 11 / 10;
    ticks(config.retry.cap) + pull + 2 * reconcile + 5 * MINUTE
}
