//! How the binary dies: by `kill -9` at any moment, or at a named place of its code.

use std::time::Duration;

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;

/// Every named place of the engine but the desk's. A test compares both lists with the sources.
pub const PLACES: [&str; 16] = [
    "inbox.before_commit",
    "inbox.after_commit",
    "store.before_load",
    "store.on_nudge",
    "store.on_delivery",
    "store.before_apply",
    "store.before_write",
    "store.before_commit",
    "store.after_commit",
    "store.before_page",
    "store.before_recheck",
    "store.before_walk",
    "outbox.before_send",
    "outbox.after_send",
    "outbox.before_mark",
    "outbox.after_mark",
];

/// Those of the desk, which nobody passes who only sells: they are armed by tests that decide something.
pub const DESK_PLACES: [&str; 9] = [
    "desk.before_decide",
    "desk.before_commit",
    "desk.after_commit",
    "ticket.before_commit",
    "ticket.after_commit",
    "files.after_put",
    "mail.before_send",
    "mail.after_send",
    "mail.before_mark",
];

/// How one life of the binary ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Killed after so long at the latest, counted from when it is ready.
    pub after: Duration,
    pub armed: Option<Armed>,
}

/// A named place at which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armed {
    pub place: &'static str,
    /// Passed so often before unharmed.
    pub spared: u32,
    pub harm: Harm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The process dies there.
    Death,
    /// What runs there panics, once; the process goes on.
    Panic,
}

impl Death {
    /// Whether it is to come at a named place.
    #[must_use]
    pub fn is_of_a_place(&self) -> bool {
        self.armed.is_some_and(|armed| armed.harm == Harm::Death)
    }
}

impl Armed {
    /// As the binary reads it from `FAILPOINTS`.
    #[must_use]
    pub fn failpoints(&self) -> String {
        let deed = match self.harm {
            Harm::Death => "return(kill)",
            Harm::Panic => "1*panic",
        };
        let spared = if self.spared == 0 { String::new() } else { format!("{}*off->", self.spared) };
        format!("{}={spared}{deed}", self.place)
    }
}

/// How long lives are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// Long enough to get something done.
    Few,
    /// As short as a place can be reached in: many deaths are wanted.
    Many,
}

impl Haste {
    /// Of so many lives one has no place armed, and one a panic.
    const fn every(self) -> usize {
        match self {
            Self::Few => 5,
            Self::Many => 10,
        }
    }
}

/// So many deaths: every place in turn, in an order drawn for each round, and now and then none.
pub fn deaths(rng: &mut StdRng, count: usize, haste: Haste) -> Vec<Death> {
    let mut round: Vec<&'static str> = Vec::new();
    let mut deaths = Vec::with_capacity(count);
    for number in 0..count {
        if round.is_empty() {
            round = PLACES.to_vec();
            round.shuffle(rng);
        }
        let nth = number % haste.every();
        let armed = if nth + 1 == haste.every() {
            None
        } else {
            let harm = if nth + 2 == haste.every() { Harm::Panic } else { Harm::Death };
            round.pop().map(|place| Armed { place, spared: spared(rng, place), harm })
        };
        // Who is to die at a place is given time to get there.
        let patience = match (armed.is_some(), haste) {
            (true, Haste::Few) => 2_000..6_000,
            (true, Haste::Many) => 1_500..3_000,
            (false, Haste::Few) => 300..3_000,
            (false, Haste::Many) => 200..2_000,
        };
        deaths.push(Death { after: Duration::from_millis(rng.random_range(patience)), armed });
    }
    deaths
}

/// Places that are passed with each record are spared more often than those that a life may not see at all.
fn spared(rng: &mut StdRng, place: &str) -> u32 {
    match place.split_once('.') {
        Some(("outbox", _)) => rng.random_range(0..2),
        _ => rng.random_range(0..8),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use rand::SeedableRng as _;

    use super::*;

    fn named(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                named(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                let calls = code.filter_map(|line| line.split_once("failpoint!(\"")?.1.split_once('"'));
                found.extend(calls.map(|(name, _)| name.to_owned()));
            }
        }
    }

    #[test]
    fn every_named_place_of_the_engine_is_in_the_plan() {
        let mut found = BTreeSet::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../actors/src"), &mut found);
        let listed: BTreeSet<String> = PLACES.into_iter().chain(DESK_PLACES).map(str::to_owned).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn a_place_is_armed_as_the_binary_reads_it() {
        let armed = |spared, harm| Armed { place: "store.on_nudge", spared, harm }.failpoints();
        assert_eq!(armed(0, Harm::Death), "store.on_nudge=return(kill)");
        assert_eq!(armed(3, Harm::Panic), "store.on_nudge=3*off->1*panic");
    }

    #[test]
    fn each_round_goes_over_every_place() {
        let planned = deaths(&mut StdRng::seed_from_u64(3), PLACES.len() * 5, Haste::Few);
        for place in PLACES {
            let times = planned.iter().filter_map(|death| death.armed).filter(|armed| armed.place == place).count();
            assert!(times >= 3, "{place} is armed {times} times");
        }
    }
}
