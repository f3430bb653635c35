//! One thing that must hold: how much was looked at, and what broke it.

use std::fmt;

/// Lines that are shown of what broke a check.
const SHOWN: usize = 10;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// What there must be none of.
    pub name: &'static str,
    /// How much there was that could have been wrong.
    pub counted: usize,
    /// What was wrong, a line each.
    pub broken: Vec<String>,
}

impl Check {
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, counted: 0, broken: Vec::new() }
    }

    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (of {})", self.name, self.broken.len(), self.counted)?;
        for line in self.broken.iter().take(SHOWN) {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}
