//! The life of a record, told in any order: by deliveries, pages and answers that overtake each other, again and again, at any delay.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::{Decision, Holding, Trust, decide};

/// Lives that are told.
const LIVES: u64 = 20_000;

/// Ticks to a second: several things happen in one, as far as dates can tell.
const TICKS: i64 = 10;

/// A record as it was from one tick on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    since: i64,
    content: u8,
    is_gone: bool,
}

impl State {
    fn modified_at(self) -> Option<Timestamp> {
        Timestamp::from_second(self.since / TICKS).ok()
    }
}

/// What reaches us, by the tick at which it does.
#[derive(Clone, Copy, Debug)]
enum Word {
    Delivery(State),
    Page { asked: i64, shown: State },
    Answer { asked: i64, shown: State },
}

/// Our copy.
#[derive(Clone, Copy, Debug)]
struct Copy {
    state: State,
    saved: i64,
    read: Option<i64>,
    is_deleted: bool,
}

fn tick(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap()
}

/// The record at a tick: a store shows what it holds then.
fn shown(life: &[State], at: i64) -> Option<State> {
    life.iter().rev().find(|state| state.since <= at).copied()
}

fn a_life(rng: &mut StdRng) -> Vec<State> {
    let mut since = 0;
    let mut life: Vec<State> = (0..rng.random_range(1..8))
        .map(|content| {
            since += rng.random_range(1..TICKS * 2);
            State { since, content, is_gone: false }
        })
        .collect();
    if rng.random_bool(0.3) {
        life.push(State { since: since + rng.random_range(1..TICKS), content: u8::MAX, is_gone: true });
    }
    life
}

/// What is said of a life: each of its changes once at least, at any time afterwards, and pages read meanwhile.
fn words(life: &[State], rng: &mut StdRng) -> BTreeMap<i64, Word> {
    let mut words = BTreeMap::new();
    let mut say = |rng: &mut StdRng, from: i64, word: Word| {
        let mut at = from + rng.random_range(1..100);
        while words.contains_key(&at) {
            at += 1;
        }
        words.insert(at, word);
    };
    for state in life {
        for _ in 0..rng.random_range(1..4) {
            // A delivery shows the record as it is when it is made.
            let made = state.since + rng.random_range(0..TICKS * 3);
            say(rng, made, Word::Delivery(shown(life, made).unwrap()));
        }
    }
    for _ in 0..rng.random_range(0..4) {
        let asked = rng.random_range(0..TICKS * 12);
        let read = asked + rng.random_range(0..TICKS);
        // What is gone, or not there yet, is not on a page.
        if let Some(shown) = shown(life, read).filter(|state| !state.is_gone) {
            say(rng, read, Word::Page { asked, shown });
        }
    }
    words
}

/// Hears one word, and says whether the store is to be asked. `is_ended` says whether word of the record's end came before.
fn hear(copy: &mut Option<Copy>, is_ended: bool, now: i64, word: Word) -> bool {
    let (state, trust, asked) = match word {
        Word::Delivery(state) if state.is_gone => return true,
        Word::Delivery(state) => (state, Trust::Hint(tick(now)), now),
        Word::Page { asked, shown } => (shown, Trust::Fresh(tick(asked)), asked),
        Word::Answer { asked, shown } => (shown, Trust::Asked(tick(asked)), asked),
    };
    if copy.is_none() && is_ended && !matches!(word, Word::Answer { .. }) {
        return true;
    }
    if state.is_gone {
        // As a recheck does: nothing is buried that was heard of while it was asked for.
        if let Some(held) = copy {
            let is_overtaken = held.saved > asked;
            (held.is_deleted, held.saved) = if is_overtaken { (held.is_deleted, held.saved) } else { (true, now) };
            return is_overtaken;
        }
        return false;
    }
    let content = [state.content];
    let held = copy.map(|copy| [copy.state.content]);
    let holding = copy.as_ref().zip(held.as_ref()).map(|(copy, content)| Holding {
        modified_at: copy.state.modified_at(),
        content_hash: content,
        saved_at: tick(copy.saved),
        read_at: copy.read.map(tick),
        is_trashed: false,
        is_deleted: copy.is_deleted,
    });
    match decide(holding, state.modified_at(), &content, trust) {
        Decision::Store | Decision::Touch => {
            if let Some(before) = copy.filter(|before| !before.is_deleted) {
                assert!(before.state.since <= state.since, "{before:?} was replaced by {word:?} at {now}");
            }
            let read = trust.asked_at().map(|_| asked).or(copy.and_then(|before| before.read));
            *copy = Some(Copy { state, saved: now, read, is_deleted: false });
            false
        }
        Decision::Ignore(_) => false,
        Decision::Ask => true,
    }
}

#[test]
fn a7_however_the_life_of_a_record_is_told_the_copy_ends_as_the_store_does() {
    for seed in 0..LIVES {
        let mut rng = StdRng::seed_from_u64(seed);
        let life = a_life(&mut rng);
        let mut words = words(&life, &mut rng);
        let (mut copy, mut is_ended) = (None::<Copy>, false);
        while let Some((now, word)) = words.pop_first() {
            let is_to_ask = hear(&mut copy, is_ended, now, word);
            is_ended |= matches!(word, Word::Delivery(state) if state.is_gone);
            if !is_to_ask {
                continue;
            }
            // The store is asked a little later, and its answer takes its time too.
            let asked = now + rng.random_range(1..TICKS);
            let read = asked + rng.random_range(0..TICKS);
            let Some(shown) = shown(&life, read) else { continue };
            let mut at = read + rng.random_range(1..TICKS * 2);
            while words.contains_key(&at) {
                at += 1;
            }
            words.insert(at, Word::Answer { asked, shown });
        }
        let end = life.last().copied().filter(|end| !end.is_gone);
        let held = copy.filter(|copy| !copy.is_deleted).map(|copy| copy.state);
        assert_eq!(held, end, "seed {seed}: {life:?}");
    }
}
