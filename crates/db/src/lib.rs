#![doc = include_str!("../README.md")]

pub mod bootstrap;
pub mod changes;
pub mod checkpoints;
pub mod coupons;
pub mod customers;
pub mod dead_letters;
mod error;
pub mod identity;
pub mod inbox;
pub mod leases;
pub mod migrations;
pub mod orders;
mod pool;
pub mod products;
pub mod retention;
mod scope;
mod select;
pub mod stores;

pub use changes::ChangeRow;
pub use error::DbError;
pub use orders::{OrderDetail, OrderFilter, OrderSummary};
pub use pool::{Db, DbConfig};
pub use products::{ProductDetail, ProductFilter, ProductSummary};
pub use scope::{AuthTx, IntakeTx, JanitorTx, ReadTx, TenantTx};
pub use stores::StoreRow;
