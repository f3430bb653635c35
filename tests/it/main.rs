//! The whole product as its users meet it: the real binary, real sockets, real shops over TLS, a real PostgreSQL.

mod browser;
mod captures;
mod cases_a;
mod cases_c;
mod cases_d;
mod cases_e;
mod cases_f;
mod cases_j;
mod chaos;
mod connected;
mod faults;
mod kill;
mod node;
mod panic;
mod person;
mod rehearse;
mod resume;
mod secrets;
mod verbs;
