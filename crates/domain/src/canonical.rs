//! The canonical projection of a record: the bytes whose hash decides whether two versions are the same.
//!
//! Numbers are normalised (`1.50` = `1.5`), absent and empty text are the same, children come sorted. Fields that a store
//! changes from call to call (`related_ids`) are never written here.

use std::fmt::Write as _;

use jiff::Timestamp;
use rust_decimal::Decimal;

/// Collects `name=value` lines, each value escaped so that no text can imitate a neighbour.
#[derive(Debug, Default)]
pub struct Canonical(String);

impl Canonical {
    /// Starts a projection of `kind`; the kind is part of it.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let mut this = Self::default();
        this.text("kind", kind);
        this
    }

    /// Adds text; empty text is the same as none.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        if !value.is_empty() {
            let _ = writeln!(self.0, "{name}={}", value.escape_debug());
        }
        self
    }

    /// Adds a number in its shortest form; none leaves the line out.
    pub fn decimal(&mut self, name: &str, value: Option<Decimal>) -> &mut Self {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{name}={}", value.normalize());
        }
        self
    }

    /// Adds a time to the second, the finest that WooCommerce keeps.
    pub fn time(&mut self, name: &str, value: Option<Timestamp>) -> &mut Self {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{name}={}", value.as_second());
        }
        self
    }

    /// Adds child projections in an order that does not depend on how they were sent.
    pub fn children(&mut self, name: &str, children: impl Iterator<Item = Canonical>) -> &mut Self {
        let mut texts: Vec<String> = children.map(|child| child.0).collect();
        texts.sort_unstable();
        for text in texts {
            let _ = writeln!(self.0, "{name}={}", text.escape_debug());
        }
        self
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
