//! What stores cost each other, measured side by side; in a binary of its own and one after the other, so that nothing else of the
//! tests runs beside it.

#[path = "../it/house.rs"]
#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
mod house;
#[path = "../it/intake.rs"]
mod intake;
mod neighbours;
mod noise;
#[path = "../it/shop.rs"]
#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
mod shop;

use tokio::sync::Mutex;

/// Held by the measurement that has the machine.
static MACHINE: Mutex<()> = Mutex::const_new(());
