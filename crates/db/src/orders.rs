//! Orders: what a store's actor writes, what people read.

mod read;
mod write;

pub use read::{OrderDetail, OrderFilter, OrderSummary, find, list, summaries};
pub use write::{OrderVersion, OrderWrite, delete, touch, upsert, versions};
