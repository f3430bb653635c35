//! The API as its callers meet it: over its routes and middleware, on a real database.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod app;
mod customers;
mod desk;
mod documents;
mod engine;
mod faults;
mod generated;
mod handshakes;
mod headers;
mod health;
mod hooks;
mod lists;
mod login;
mod matrix;
mod once;
mod origin;
mod outbox;
mod panel;
mod panel_staff;
mod rehearsals;
mod seed;
mod sessions;
mod sockets;
mod staff_work;
mod stage;
mod store_routes;
mod strangers;
mod tenancy;
mod writes;
