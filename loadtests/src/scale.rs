//! Many stores on one node: what they would cost, reckoned from measured costs, and how the real binary bears them.

mod bounds;
mod copies;
mod costs;
mod first;
mod habits;
#[expect(clippy::float_arithmetic, reason = "estimates, never money")]
mod machine;
#[expect(clippy::float_arithmetic, reason = "estimates, never money")]
mod plan;
mod run;
mod spread;
#[expect(clippy::float_arithmetic, reason = "estimates, never money")]
mod table;
mod verdict;

pub use bounds::Bounds;
pub use costs::Costs;
pub use habits::Habits;
pub use machine::Machine;
pub use plan::Needs;
pub use run::{Measured, Options, Polls, run};
pub use table::rows;
pub use verdict::{Line, judge};
