//! Products and variations: what a store's actor writes, what people read.

mod categories;
mod named;
mod read;
mod sold;
mod stats;
mod write;

pub use categories::categories;
pub use named::named;
pub(crate) use read::summary;
pub use read::{ProductDetail, ProductFilter, ProductSummary, find, list, summaries};
pub use sold::sold;
pub use stats::{Assortment, stats};
pub use write::{ProductVersion, ProductWrite, delete, touch, upsert, variations_of, versions};
