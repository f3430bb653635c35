//! What the tests of all crates share: a real database each, captured traffic, simulated stores, and waiting.

pub mod captures;
mod cluster;
mod database;
mod reaper;
mod wait;

pub use database::TestDb;
pub use wait::wait_until;
