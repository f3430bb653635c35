//! The outbox: changes waiting to be written to stores, from their cause to their proof.
//!
//! A row never vanishes. It is inserted with its cause, moved on by the one actor that may write to its store, and ends as done or
//! failed; only a person brings a failed one back.

mod read;
mod target;
mod write;

pub use read::{IntentFilter, IntentRow, by_ids, find, list, stores_open};
pub use target::{Target, known_articles, known_categories, place, target};
pub use write::{NewIntent, OpenIntent, Progress, advance, belong, cancel, echoes, insert, open, retry};
pub(crate) use write::{cause, edit};
