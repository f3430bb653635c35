//! The customers of a store: what its actor writes, what people read.

mod read;
pub mod tags;
mod write;

pub use read::{CustomerDetail, CustomerFilter, CustomerSummary, find, list, summaries};
pub use write::{CustomerVersion, delete, upsert, versions};
