//! The shops from outside: over real sockets, held against what real shops sent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod actions;
mod auth;
mod captures;
mod client;
mod clock;
mod faults;
mod hosts;
mod listing;
mod notes;
mod oauth;
mod options;
mod products;
mod receiver;
mod shop_page;
mod unruly_webhooks;
mod webhooks;
mod writes;
mod writing;
