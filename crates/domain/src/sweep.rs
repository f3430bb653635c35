//! Walks over everything that a store lists, and the differences that they find.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// What a walk over everything is for.
    pub enum Purpose {
        /// Compares what a light listing tells: ids, states, totals, stock, prices.
        Sweep = "sweep",
        /// Compares whole records.
        Reconcile = "reconcile",
    }
}

text_enum! {
    /// How our copy of a record differed from the store.
    pub enum DriftKind {
        /// The store has it, we did not.
        Missing = "missing",
        /// Both have it, with other contents.
        Different = "different",
        /// We hold it, the store does not list it.
        Extra = "extra",
    }
}

text_enum! {
    /// What became of a difference.
    pub enum DriftOutcome {
        /// Our copy was brought in line.
        Repaired = "repaired",
        /// The store has it no more; nor do we.
        Gone = "gone",
        /// It had healed meanwhile, or was none.
        Same = "same",
    }
}
