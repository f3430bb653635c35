//! The whole product as its users meet it: the real binary, real sockets, real shops over TLS, a real PostgreSQL.

mod browser;
mod captures;
mod cases_a;
mod cases_c;
mod chaos;
mod faults;
mod kill;
mod node;
mod panic;
mod person;
mod resume;
mod verbs;
