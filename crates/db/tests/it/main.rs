//! The database's own promises, against a real PostgreSQL with the real roles.

mod cancel;
mod changes;
mod fence;
mod isolation;
mod retention;
mod shop;
