//! The shops from outside: over real sockets, held against what real shops sent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod auth;
mod captures;
mod client;
mod faults;
mod listing;
mod receiver;
mod shop_page;
mod webhooks;
mod writing;
