//! Seeded simulation of a store's actor: its real decisions, in a world that reorders, doubles, delays, loses, lies and kills.
//!
//! A seed draws a plan ([`plan`]) of what happens when. The world runs it on one thread and a clock of its own: the model store changes its
//! records, deliveries come late or never, requests fail after they were carried out, we die between any two steps. Only what was committed
//! to the model database ([`rows`]) is left then. After the trouble everything must agree within a bound of the world's own time.
//!
//! `STOREWIRE_SEED=n` runs one world and tells what went on in it; `STOREWIRE_SEEDS=n` runs so many.

mod asking;
mod check;
mod duties;
mod events;
mod memory;
mod plan;
mod rows;
mod shop;
mod shrink;
mod time;
mod world;

use self::{
    check::{Broken, Outcome, judge},
    plan::Plan,
    shrink::shrink,
    time::{MINUTE, Tick},
};

/// Worlds that every run of the tests lets live.
const WORLDS: u64 = 250;

/// Lines of a broken world's tale that are told: its end tells most.
const LINES: usize = 400;

#[test]
fn a7_b10_k2_in_every_seeded_world_the_copy_ends_as_the_store_and_every_change_is_made_once() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("STOREWIRE_SEED") {
        let outcome = judge(&Plan::of(seed), true).unwrap_or_else(|broken| panic!("{}", report(seed, &broken)));
        println!("seed {seed}: {outcome:?}");
        return;
    }
    let worlds = number("STOREWIRE_SEEDS").unwrap_or(WORLDS);
    let mut sum = Outcome::default();
    for seed in 0..worlds {
        let outcome = judge(&Plan::of(seed), false).unwrap_or_else(|broken| panic!("{}", report(seed, &broken)));
        sum = Outcome {
            took: sum.took.max(outcome.took),
            deliveries: sum.deliveries + outcome.deliveries,
            writes: sum.writes + outcome.writes,
            records: sum.records + outcome.records,
        };
    }
    println!("{worlds} worlds: {sum:?}, slowest {} min", sum.took / MINUTE);
    // Worlds in which nothing happens prove nothing.
    let at_least = |count: usize, per_world: u64| assert!(count as u64 >= worlds * per_world, "{sum:?}");
    at_least(sum.records, 20);
    at_least(sum.deliveries, 10);
    at_least(sum.writes, 1);
}

/// What was broken, by how little, and how to see it again.
fn report(seed: u64, broken: &Broken) -> String {
    let small = shrink(&Plan::of(seed));
    let again = judge(&small, true);
    let (rule, detail, tale) = match &again {
        Err(again) => (again.rule, &again.detail, &again.tale),
        Ok(_) => (broken.rule, &broken.detail, &broken.tale),
    };
    let deeds: Vec<String> =
        small.deeds.iter().map(|deed| format!("  {:>9.3} s  {:?}", seconds(deed.at), deed.what)).collect();
    let told = tale.get(tale.len().saturating_sub(LINES)..).unwrap_or_default();
    format!(
        "seed {seed} breaks \"{rule}\":\n  {}\n{:?}\nit takes these deeds:\n{}\nwhat went on:\n{}\nagain: STOREWIRE_SEED={seed} \
         cargo test -p storewire-actors --lib simulation -- --nocapture",
        detail.join("\n  "),
        small.world,
        deeds.join("\n"),
        told.join("\n"),
    )
}

fn seconds(at: Tick) -> f64 {
    std::time::Duration::from_micros(at.unsigned_abs()).as_secs_f64()
}
