//! What happens in a world, drawn from its seed: deeds of people and machines, each at its time.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::time::{MINUTE, SECOND, Tick};

/// For so long there is trouble.
pub(super) const TROUBLE: Tick = 20 * MINUTE;

/// A world before it begins.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) world: Start,
    pub(super) deeds: Vec<Deed>,
}

/// How a world is at its beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// Records that the store holds.
    pub(super) records: u32,
    /// Rows to a page.
    pub(super) page_size: u32,
    /// Seconds by which the store's clock is ahead of ours.
    pub(super) clock_ahead: i64,
    /// Something takes the totals out of the store's answers.
    pub(super) lacks_totals: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Deed {
    pub(super) at: Tick,
    pub(super) what: What,
}

/// A deed. `pick` chooses among the records to which it can be done.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    CreateOrder,
    CreateProduct,
    Update {
        pick: u32,
    },
    /// Saved without a change: only its date moves.
    Save {
        pick: u32,
    },
    /// By a request that stamped its date so many seconds ago, and commits now; some never tell.
    UpdateLate {
        pick: u32,
        by_s: i64,
    },
    /// Past WooCommerce: neither date nor webhook. `in_depth` shows in no light listing.
    Edit {
        pick: u32,
        in_depth: bool,
    },
    /// Changed several times within seconds, and perhaps gone in the end.
    Flurry {
        pick: u32,
        changes: u32,
    },
    /// Created, and gone a moment later.
    CreateAndDelete,
    /// Many records of one second, and no webhook.
    Import {
        records: u32,
    },
    Sale {
        pick: u32,
    },
    Trash {
        pick: u32,
    },
    Restore {
        pick: u32,
    },
    Delete {
        pick: u32,
    },
    /// Saved again and again, by a plugin.
    Loop {
        pick: u32,
        saves: u32,
    },
    SetClock {
        by_s: i64,
    },
    /// The webhooks of a topic stop delivering, for one of the known reasons.
    BreakHook {
        pick: u32,
        how: u32,
    },
    /// A delivery that nobody can read.
    Poison,
    /// Somebody wants a product's stock changed.
    Wish {
        pick: u32,
    },
    /// Somebody presses "pull now".
    Click,
    Sky {
        sky: Sky,
        for_s: i64,
    },
    /// We die, after so many more steps.
    Kill {
        steps: u32,
    },
    /// The outcome of a commit is lost, that many commits from now; so is what it would have kept if not `is_kept`.
    LoseCommit {
        commits: u32,
        is_kept: bool,
    },
    /// Our database is away.
    DatabaseAway {
        for_s: i64,
    },
}

/// What lies between us and the store, or is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sky {
    /// Nothing answers.
    Down,
    /// Requests fail now and then, some after the store has done what they asked; deliveries are lost.
    Flaky,
    /// Answers take long.
    Slow,
    /// 429 to everything.
    Throttled,
    /// Lists come out empty, with 200.
    Mute,
    /// Deliveries are lost, late, doubled and out of order.
    LateMail,
}

impl Plan {
    pub(super) fn of(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let world = Start {
            records: rng.random_range(0..40),
            page_size: rng.random_range(2..20),
            clock_ahead: if rng.random_bool(0.5) { rng.random_range(-600..600) } else { 0 },
            lacks_totals: rng.random_bool(0.15),
        };
        let mut deeds: Vec<Deed> = (0..rng.random_range(5..70))
            .map(|_| {
                // The first import is a time of its own.
                let latest = if rng.random_bool(0.15) { MINUTE } else { TROUBLE };
                Deed { at: rng.random_range(0..latest), what: deed(&mut rng) }
            })
            .collect();
        if rng.random_bool(0.1) {
            let by_s = rng.random_range(-600..600);
            deeds.push(Deed { at: rng.random_range(0..TROUBLE), what: What::SetClock { by_s } });
        }
        // Much of what goes wrong goes wrong between things that happen together.
        for index in 1..deeds.len() {
            match rng.random_range(0..10) {
                0..3 => deeds[index].at = deeds[index - 1].at + rng.random_range(0..SECOND / 2),
                3..5 => deeds[index].at = deeds[index - 1].at + rng.random_range(0..5 * SECOND),
                _ => {}
            }
        }
        deeds.sort_by_key(|deed| deed.at);
        Self { seed, world, deeds }
    }

    /// Whether dates can lie: the store's clock is set.
    pub(super) fn sets_clock(&self) -> bool {
        self.deeds.iter().any(|deed| matches!(deed.what, What::SetClock { .. }))
    }
}

fn deed(rng: &mut StdRng) -> What {
    let pick = rng.random();
    match rng.random_range(0..100) {
        0..8 => What::CreateOrder,
        8..12 => What::CreateProduct,
        12..24 => What::Update { pick },
        24..26 => What::Save { pick },
        26..34 => What::Flurry { pick, changes: rng.random_range(2..9) },
        34..37 => What::CreateAndDelete,
        37..43 => What::UpdateLate { pick, by_s: rng.random_range(1..240) },
        43..46 => What::Edit { pick, in_depth: rng.random_bool(0.2) },
        46..48 => What::Import { records: rng.random_range(2..30) },
        48..51 => What::Sale { pick },
        51..55 => What::Trash { pick },
        55..58 => What::Restore { pick },
        58..62 => What::Delete { pick },
        62..63 => What::Loop { pick, saves: rng.random_range(10..40) },
        63..66 => What::BreakHook { pick, how: rng.random_range(0..4) },
        66..68 => What::Poison,
        68..76 => What::Wish { pick },
        76..78 => What::Click,
        78..88 => What::Sky { sky: sky(rng), for_s: rng.random_range(5..240) },
        88..95 => What::Kill { steps: rng.random_range(0..12) },
        95..98 => What::LoseCommit { commits: rng.random_range(0..6), is_kept: rng.random() },
        _ => What::DatabaseAway { for_s: rng.random_range(1..60) },
    }
}

fn sky(rng: &mut StdRng) -> Sky {
    let skies = [Sky::Down, Sky::Flaky, Sky::Flaky, Sky::Slow, Sky::Throttled, Sky::Mute, Sky::LateMail, Sky::LateMail];
    skies[rng.random_range(0..skies.len())]
}
