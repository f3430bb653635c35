//! Looks whether every copy equals its shop, by the oracle that shares no code with the product.

use std::time::{Duration, Instant};

use storesim::Fleet;
use storewire_oracle::{Sim, Verdict};

use crate::failure::Outcome;
use crate::lifecycle::Lifecycle;

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Looks again and again until nothing differs, or the time is over: then what still differs.
pub async fn until_equal(admin_url: &str, fleet: &Fleet, within: Duration, lifecycle: &Lifecycle) -> Outcome<Verdict> {
    let deadline = Instant::now() + within;
    let sim = Sim::at(fleet.addr());
    let admin = storewire_oracle::connect(admin_url).await?;
    loop {
        let verdict = storewire_oracle::compare(&sim, &admin).await?;
        if verdict.is_equal() || Instant::now() >= deadline {
            return Ok(verdict);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = lifecycle.stopping() => return Ok(verdict),
        }
    }
}
