//! The database's own promises, against a real PostgreSQL with the real roles.

mod audit;
mod cancel;
mod changes;
mod commits;
mod contention;
mod desk;
mod fence;
mod idempotency;
mod idle;
mod isolation;
mod mail;
mod people;
mod pipelined;
mod rehearsals;
mod requests;
mod retention;
mod shop;
