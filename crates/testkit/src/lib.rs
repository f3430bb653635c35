//! What the tests of all crates share: a real database each, captured traffic, simulated stores, a mail server, and waiting.

pub mod captures;
mod cluster;
mod database;
pub mod fault_proxy;
mod fleet;
pub mod mailbox;
mod private;
mod reaper;
mod volume;
mod wait;

pub use database::TestDb;
pub use fault_proxy::FaultProxy;
pub use fleet::start_fleet;
pub use mailbox::Mailbox;
pub use private::{Manner, PrivateCluster};
pub use volume::Volume;
pub use wait::wait_until;
