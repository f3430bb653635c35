//! The whole product as its users meet it: the real binary, real sockets, real shops over TLS, a real PostgreSQL.

mod browser;
mod captured_content;
mod captured_shop;
mod captures;
mod kill;
mod node;
mod panic;
mod raw_post;
