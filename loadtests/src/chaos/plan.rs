//! What goes wrong and what happens, when and to whom: all of it decided beforehand by the seed.

use std::ops::Range;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::deaths::{Death, Haste, deaths};
use super::deeds::Deed;
use super::faults::{Fault, Line, Road};
use super::poison::Poison;
use super::wishes::Want;

/// No more of a kind in a second, however many shops there are: the machine is to be hurt, not filled.
const DEEDS_PER_SECOND: u32 = 20;
const WISHES_PER_SECOND: u32 = 6;
const POISONS_PER_SECOND: u32 = 3;
/// From one blow to the database to the next.
const DATABASE_REST: Range<u64> = 6_000..14_000;
/// Where many deaths are wanted, the database is left alone for so many times as long: nobody dies who cannot begin to live.
const REST_OF_MANY: u32 = 2;
/// How long shops and networks are in trouble, and how long not; the database's network serves all shops.
const TROUBLE: (Range<u64>, Range<u64>) = (700..4_000, 1_000..5_000);
const DATABASE_TROUBLE: (Range<u64>, Range<u64>) = (300..1_500, 5_000..12_000);
/// Clocks are wrong by up to so many seconds, each way.
const WRONG_BY: i64 = 600;
/// One of so many shops has a clock that is wrong from the beginning; each is set on the average once in `CLOCK_REST`.
const WRONG_CLOCKS: usize = 3;
const CLOCK_REST: Duration = Duration::from_secs(60);
/// One of so many shops is copied, but no more than `MOST_COPIES`: each of them trades too.
const COPIED: usize = 20;
const MOST_COPIES: usize = 5;

/// One thing that the plan has happen. Shops and hosts are numbered from 0; a `lot` picks among what is there by then.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Strike(Strike),
    /// Somebody copies the site, keys, webhooks and all, and the copy trades and delivers like its original.
    Copy {
        shop: usize,
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

/// The beginning or the end of a trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strike {
    Fault {
        shop: usize,
        fault: Fault,
    },
    Mend {
        shop: usize,
    },
    Line {
        road: Road,
        line: Line,
    },
    MendLine {
        road: Road,
    },
    /// A shop's clock is set to so many seconds ahead of the true time.
    Clock {
        shop: usize,
        ahead: i64,
    },
}

/// How PostgreSQL is hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// An immediate stop, and a start after so many milliseconds: recovery from the log.
    Stop { away_ms: u64 },
    /// `kill -9` of a backend at work: the server ends all sessions and recovers by itself.
    Kill,
    /// The volume of its log is full for so many milliseconds: it ends itself, and cannot recover before there is room.
    Full { for_ms: u64 },
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
            trouble(&mut events, size.time, &mut rng, &TROUBLE, |rng| {
                (Strike::Fault { shop, fault: Fault::draw(rng) }, Strike::Mend { shop })
            });
        }
        for road in (0..size.hosts).map(Road::Host).chain([Road::Door, Road::Database]) {
            let rhythm = if road == Road::Database { &DATABASE_TROUBLE } else { &TROUBLE };
            trouble(&mut events, size.time, &mut rng, rhythm, |rng| {
                (Strike::Line { road, line: Line::draw(rng, road) }, Strike::MendLine { road })
            });
        }
        clocks(&mut events, size, &mut rng);
        for _ in 0..size.shops.div_ceil(COPIED).min(MOST_COPIES) {
            // Early, so that the copies have something to tell.
            let at = size.time.mul_f64(rng.random_range(0.0..0.2));
            events.push((at, Event::Copy { shop: rng.random_range(0..size.shops) }));
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
        let times = if size.kills.is_some() { REST_OF_MANY } else { 1 };
        let mut at = Duration::from_millis(rng.random_range(2_000..5_000));
        while at < size.time {
            let blow = match rng.random_range(0..5) {
                0..2 => Blow::Stop { away_ms: rng.random_range(100..1_500) },
                2..4 => Blow::Kill,
                _ => Blow::Full { for_ms: rng.random_range(200..1_500) },
            };
            events.push((at, Event::Database(blow)));
            at += Duration::from_millis(rng.random_range(DATABASE_REST)) * times;
        }
        events.sort_by_key(|(at, _)| *at);
        let deaths = match size.kills {
            Some(kills) => deaths(&mut rng, kills, Haste::Many),
            None => deaths(&mut rng, usize::try_from(size.time.as_secs()).unwrap_or(usize::MAX), Haste::Few),
        };
        Self { events, deaths }
    }
}

/// Trouble and peace in turn.
fn trouble(
    events: &mut Vec<(Duration, Event)>,
    time: Duration,
    rng: &mut StdRng,
    (lasts, rests): &(Range<u64>, Range<u64>),
    draw: impl Fn(&mut StdRng) -> (Strike, Strike),
) {
    let mut at = Duration::from_millis(rng.random_range(0..4_000));
    while at < time {
        let (begins, ends) = draw(rng);
        let over = at + Duration::from_millis(rng.random_range(lasts.clone()));
        events.push((at, Event::Strike(begins)));
        events.push((over, Event::Strike(ends)));
        at = over + Duration::from_millis(rng.random_range(rests.clone()));
    }
}

/// Some clocks are wrong from the beginning, and any may be set at any time, forward and back.
fn clocks(events: &mut Vec<(Duration, Event)>, size: Size, rng: &mut StdRng) {
    for shop in 0..size.shops {
        let is_wrong = shop.is_multiple_of(WRONG_CLOCKS);
        let mut ahead = if is_wrong { rng.random_range(-WRONG_BY..=WRONG_BY) } else { 0 };
        if is_wrong {
            events.push((Duration::ZERO, Event::Strike(Strike::Clock { shop, ahead })));
        }
        let mut at = CLOCK_REST.mul_f64(rng.random_range(0.0..2.0));
        while at < size.time {
            // Half of those that were wrong are put right.
            ahead = if ahead != 0 && rng.random() { 0 } else { rng.random_range(-WRONG_BY..=WRONG_BY) };
            events.push((at, Event::Strike(Strike::Clock { shop, ahead })));
            at += CLOCK_REST.mul_f64(rng.random_range(0.0..2.0));
        }
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
            let hurts = |event: &Event| matches!(event, Event::Strike(Strike::Fault { shop, .. }) if *shop == wanted);
            assert!(plan.events.iter().any(|(_, event)| hurts(event)));
        }
        let has = |wanted: fn(&Event) -> bool| plan.events.iter().any(|(_, event)| wanted(event));
        assert!(has(|event| matches!(event, Event::Database(_))));
        assert!(has(|event| matches!(event, Event::Strike(Strike::Line { road: Road::Database, .. }))));
        assert!(has(|event| matches!(event, Event::Strike(Strike::Clock { .. }))));
        assert!(has(|event| matches!(event, Event::Copy { .. })));
    }
}
