//! What the tests of all crates share: a real database each, captured traffic, simulated stores, and waiting.

pub mod captures;
mod cluster;
mod database;
mod fleet;
mod reaper;
mod wait;

pub use database::TestDb;
pub use fleet::start_fleet;
pub use wait::wait_until;
