//! Returns: what a buyer sends back, item by item, what became of each, and what was said about it.

mod order;
mod read;
mod timeline;
mod write;

pub use order::{Line, Restocked, Returnable, Shelf, restocked, returnable, shelf};
pub use read::{ItemRow, ReturnFilter, ReturnRow, by_ids, find, heads, list};
pub use timeline::{EventRow, NewEvent, event, events};
pub use write::{ItemNews, NewItem, NewReturn, insert, lock, set_items, step};
