//! Orders: what a store's actor writes, what people read.

mod buyer;
mod charges;
mod held;
mod read;
mod shares;
mod stats;
mod statuses;
mod write;

pub use buyer::{Bought, Buyer, buyer};
pub use charges::{ChargeRow, NewCharge, add_charge, charges, end_charge};
pub use held::{HeldOrder, held};
pub use read::{OrderDetail, OrderFilter, OrderSummary, find, list, summaries};
pub use shares::{NewShare, ShareRow, SharedOrder, find_share, make_share, revoke_share, shared, shares};
pub use stats::{Sales, SalesFilter, sales};
pub use statuses::statuses;
pub use write::{Lines, OrderVersion, OrderWrite, delete, fill_refunds, touch, upsert, versions};
