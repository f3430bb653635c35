//! Trouble beside the load: now and then something is wrong with one of the shops.

use std::convert::Infallible;
use std::time::Duration;

use rand::Rng as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use storesim::{Faults, Fleet};

use crate::chaos::faults::Fault;

const EVERY: Duration = Duration::from_secs(1);
/// How many shops have something wrong with them at once, at most.
const AT_ONCE: usize = 5;

/// Gives one shop after another its trouble, each for so many seconds as there are others in line; never comes back.
pub async fn make(fleet: &Fleet, stores: usize, seed: u64) -> Infallible {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut troubled = std::collections::VecDeque::new();
    loop {
        tokio::time::sleep(EVERY).await;
        let shop = rng.random_range(1..=stores);
        fleet.set_faults(shop, fault(&mut rng).switches(0));
        troubled.push_back(shop);
        if troubled.len() > AT_ONCE
            && let Some(shop) = troubled.pop_front()
        {
            fleet.set_faults(shop, Faults::default());
        }
    }
}

/// Ends all of it.
pub fn end(fleet: &Fleet, stores: usize) {
    for shop in 1..=stores {
        fleet.set_faults(shop, Faults::default());
    }
}

/// Those of a single record are left to the chaos, which knows which record it was.
fn fault(rng: &mut StdRng) -> Fault {
    loop {
        let fault = Fault::draw(rng);
        if !matches!(fault, Fault::BrokenRecord | Fault::UndecodableRecord) {
            return fault;
        }
    }
}
