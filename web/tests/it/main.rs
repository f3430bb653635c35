//! The API as its callers meet it: over its routes and middleware, on a real database.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod app;
mod engine;
mod headers;
mod health;
mod lists;
mod login;
mod origin;
mod panel;
mod seed;
mod sessions;
mod store_routes;
mod strangers;
mod tenancy;
