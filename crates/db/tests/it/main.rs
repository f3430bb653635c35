//! The database's own promises, against a real PostgreSQL with the real roles.

mod audit;
mod cancel;
mod changes;
mod fence;
mod idempotency;
mod isolation;
mod mail;
mod retention;
mod shop;
