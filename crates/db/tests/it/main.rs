//! The database's own promises, against a real PostgreSQL with the real roles.

mod audit;
mod cancel;
mod changes;
mod commits;
mod contention;
mod customers;
mod desk;
mod fence;
mod idempotency;
mod idle;
mod isolation;
mod letters;
mod mail;
mod orders_desk;
mod ownership;
mod people;
mod pipelined;
mod plans;
mod rehearsals;
mod requests;
mod retention;
mod returns;
mod shop;
mod stock;
mod tickets;
