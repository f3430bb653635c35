//! Products and variations: what a store's actor writes, what people read.

mod categories;
mod read;
mod write;

pub use categories::categories;
pub use read::{ProductDetail, ProductFilter, ProductSummary, find, list, summaries};
pub use write::{ProductVersion, ProductWrite, delete, touch, upsert, variations_of, versions};
