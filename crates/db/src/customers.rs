//! The customers of a store: what its actor writes, what people read.

mod read;
mod write;

pub use read::{CustomerDetail, CustomerFilter, CustomerSummary, find, list, summaries};
pub use write::{CustomerVersion, delete, upsert, versions};
