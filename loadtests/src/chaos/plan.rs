//! What goes wrong and what happens, when and to whom: all of it decided beforehand by the seed.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::deaths::{Death, deaths};
use super::deeds::Deed;
use super::faults::{Fault, Line};
use super::poison::Poison;
use super::wishes::Want;

/// No more of a kind in a second, however many shops there are: the machine is to be hurt, not filled.
const DEEDS_PER_SECOND: u32 = 20;
const WISHES_PER_SECOND: u32 = 10;
const POISONS_PER_SECOND: u32 = 3;
/// From one blow to the database to the next.
const DATABASE_REST: std::ops::Range<u64> = 6_000..14_000;

/// One thing that the plan has happen. Shops and hosts are numbered from 0; a `lot` picks among what is there by then.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Fault {
        shop: usize,
        fault: Fault,
    },
    Mend {
        shop: usize,
    },
    /// The network between the node and a host; the last host is the node's own door.
    Line {
        host: usize,
        line: Line,
    },
    MendLine {
        host: usize,
    },
    Deed {
        shop: usize,
        deed: Deed,
        lot: u64,
    },
    Poison {
        shop: usize,
        poison: Poison,
    },
    Wish {
        shop: usize,
        want: Want,
        lot: u64,
    },
    Database(Blow),
}

/// How PostgreSQL is hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// An immediate stop, and a start after so many milliseconds: recovery from the log.
    Stop { away_ms: u64 },
    /// `kill -9` of a backend at work: the server ends all sessions and recovers by itself.
    Kill,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub events: Vec<(Duration, Event)>,
    /// How the binary dies, one life after the other.
    pub deaths: Vec<Death>,
}

/// How large a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub shops: usize,
    pub hosts: usize,
    pub time: Duration,
    pub kills: Option<usize>,
}

impl Plan {
    /// The same seed and size give the same plan.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut events = Vec::new();
        for shop in 0..size.shops {
            trouble(&mut events, size.time, &mut rng, |rng| {
                (Event::Fault { shop, fault: Fault::draw(rng) }, Event::Mend { shop })
            });
        }
        for host in 0..=size.hosts {
            trouble(&mut events, size.time, &mut rng, |rng| {
                (Event::Line { host, line: Line::draw(rng, host == size.hosts) }, Event::MendLine { host })
            });
        }
        let shops = u32::try_from(size.shops).unwrap_or(u32::MAX);
        often(&mut events, size.time, (shops / 2).clamp(1, DEEDS_PER_SECOND), &mut rng, |rng| Event::Deed {
            shop: rng.random_range(0..size.shops),
            deed: Deed::draw(rng),
            lot: rng.random(),
        });
        often(&mut events, size.time, (shops / 2).clamp(2, WISHES_PER_SECOND), &mut rng, |rng| Event::Wish {
            shop: rng.random_range(0..size.shops),
            want: Want::draw(rng),
            lot: rng.random(),
        });
        often(&mut events, size.time, (shops / 10).clamp(1, POISONS_PER_SECOND), &mut rng, |rng| Event::Poison {
            shop: rng.random_range(0..size.shops),
            poison: Poison::draw(rng),
        });
        let mut at = Duration::from_millis(rng.random_range(2_000..5_000));
        while at < size.time {
            let blow = if rng.random() { Blow::Stop { away_ms: rng.random_range(100..1_500) } } else { Blow::Kill };
            events.push((at, Event::Database(blow)));
            at += Duration::from_millis(rng.random_range(DATABASE_REST));
        }
        events.sort_by_key(|(at, _)| *at);
        let deaths = deaths(&mut rng, size.kills.unwrap_or(usize::try_from(size.time.as_secs()).unwrap_or(usize::MAX)));
        Self { events, deaths }
    }
}

/// Trouble and peace in turn.
fn trouble(
    events: &mut Vec<(Duration, Event)>,
    time: Duration,
    rng: &mut StdRng,
    draw: impl Fn(&mut StdRng) -> (Event, Event),
) {
    let mut at = Duration::from_millis(rng.random_range(0..4_000));
    while at < time {
        let (begins, ends) = draw(rng);
        let over = at + Duration::from_millis(rng.random_range(700..4_000));
        events.push((at, begins));
        events.push((over, ends));
        at = over + Duration::from_millis(rng.random_range(1_000..5_000));
    }
}

fn often(
    events: &mut Vec<(Duration, Event)>,
    time: Duration,
    per_second: u32,
    rng: &mut StdRng,
    draw: impl Fn(&mut StdRng) -> Event,
) {
    let count = u64::from(per_second) * time.as_secs();
    let end = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    for _ in 0..count {
        let at = Duration::from_millis(rng.random_range(0..end));
        events.push((at, draw(rng)));
    }
}

/// One of several, in a list that is not empty.
pub fn one_of<T: Clone>(rng: &mut StdRng, among: &[T], otherwise: T) -> T {
    among.choose(rng).cloned().unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { shops: 6, hosts: 3, time: Duration::from_secs(20), kills: None };

    #[test]
    fn a_seed_repeats_its_plan_and_another_gives_another() {
        assert_eq!(Plan::new(7, SIZE), Plan::new(7, SIZE));
        assert_ne!(Plan::new(7, SIZE), Plan::new(8, SIZE));
    }

    #[test]
    fn a_plan_hurts_every_shop_and_the_database_and_is_in_order() {
        let plan = Plan::new(7, SIZE);
        assert!(plan.events.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        for wanted in 0..SIZE.shops {
            assert!(plan.events.iter().any(|(_, event)| matches!(event, Event::Fault { shop, .. } if *shop == wanted)));
        }
        assert!(plan.events.iter().any(|(_, event)| matches!(event, Event::Database(_))));
    }
}
