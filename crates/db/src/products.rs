//! Products and variations: what a store's actor writes, what people read.

mod read;
mod write;

pub use read::{ProductDetail, ProductFilter, ProductSummary, find, list, summaries};
pub use write::{ProductVersion, ProductWrite, delete, touch, upsert, versions};
