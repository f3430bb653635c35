//! Orders: what a store's actor writes, what people read.

mod read;
mod statuses;
mod write;

pub use read::{OrderDetail, OrderFilter, OrderSummary, find, list, of_customer, summaries};
pub use statuses::statuses;
pub use write::{Lines, OrderVersion, OrderWrite, delete, fill_refunds, touch, upsert, versions};
