//! What a run came to: a line per invariant, and whether all of them hold.

use std::fmt;
use std::time::Duration;

use storewire_oracle::Check;

use super::lives::Obituary;

/// See the module.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub checks: Vec<Check>,
    pub converged: Option<Duration>,
    pub within: Duration,
    /// What was still to be done when the time was over.
    pub waiting: String,
    pub ends: Obituary,
    pub blows: usize,
    /// What there was of everything, so that nobody takes an empty run for a good one.
    pub amounts: String,
}

impl Outcome {
    /// Whether every invariant holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.converged.is_some() && self.checks.iter().all(Check::holds)
    }

    /// The checks that had nothing to look at, and prove nothing.
    #[must_use]
    pub fn unproven(&self) -> Vec<&'static str> {
        self.checks.iter().filter(|check| check.counted == 0).map(|check| check.name).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        match self.converged {
            Some(time) => writeln!(f, "converged in {:.1} s", time.as_secs_f32())?,
            None => writeln!(f, "NOT converged within {} s: {}", self.within.as_secs(), self.waiting)?,
        }
        writeln!(f, "kills {} (PostgreSQL {})", self.ends.kills() + self.blows, self.blows)?;
        write!(f, "    at random {}", self.ends.at_random)?;
        for (place, times) in &self.ends.at_places {
            write!(f, ", {place} {times}")?;
        }
        writeln!(
            f,
            "; lives with a panic armed {}, without a database {}",
            self.ends.panics, self.ends.without_database
        )?;
        writeln!(f, "{}", self.amounts)
    }
}
