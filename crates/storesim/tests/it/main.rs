//! The shops from outside: over real sockets, held against what real shops sent.

mod auth;
mod captures;
mod client;
mod faults;
mod listing;
mod receiver;
mod shop_page;
mod webhooks;
mod writing;
