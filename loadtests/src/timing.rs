//! How long and how often, and how old an installation.

use std::time::Duration;

use serde::Serialize;

/// What every benchmark is told of time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Timing {
    /// Of each step.
    pub seconds: u64,
    /// Whose median counts, product and limit in turn.
    pub rounds: usize,
    /// The first minute of an installation: its tables were never analyzed.
    pub is_fresh: bool,
}

impl Timing {
    #[must_use]
    pub const fn step(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}
