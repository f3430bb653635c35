//! What was given up on, kept with its bytes and the reason until a person decides: set aside, looked at, tried again or discarded.

mod read;
mod sources;
mod write;

pub use read::{DeadCause, DeadFilter, DeadLetter, causes, find, list};
pub use sources::foreign_sources;
pub use write::{NewDeadLetter, Retried, insert, mark_retried, open, resolve, retry};
