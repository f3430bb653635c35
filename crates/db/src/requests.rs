//! Requests: what merchants wish changed in stores, what staff decided, and what became of it.
//!
//! A request is decided by one statement that demands the state and the version its decider saw: of any number who decide at once, on any
//! number of nodes, one does. What the store holds is moved by the transaction that stores it.

mod follow;
mod read;
mod record;
mod timeline;
mod write;

pub use follow::{Ended, Followed, Moved, Unwritten, Waiting, follow, moved, unwritten, waiting_of};
pub use read::{RequestFilter, RequestRow, by_ids, find, list, waiting_count};
pub use record::{Record, record};
pub use timeline::{EventRow, NewEvent, event, events};
pub use write::{Decided, NewRequest, Reopened, decide, due, expire, insert, lock, postpone, reopen, withdraw};
