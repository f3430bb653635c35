//! Runs a private PostgreSQL cluster from the machine's own PostgreSQL programs.
//!
//! `storewire` uses it when no `database.url` is configured, the tests use it for the one cluster they share. A cluster
//! lives in one folder, its *home*:
//!
//! ```text
//! home/data          PostgreSQL's data folder
//! home/run           the folder of its socket
//! home/superuser     the generated password of the role `postgres`, mode 0600
//! home/postgres.log  what the server said
//! ```
//!
//! The server is a process group of its own, so that a Ctrl-C in the terminal reaches only us and we stop it in our own
//! order. If we are killed it lives on, and the next start adopts it.

mod account;
mod admin;
mod cluster;
mod error;
mod init;
mod pidfile;
mod place;
mod postmaster;
mod programs;
mod settings;

pub use account::Account;
pub use cluster::{Cluster, Endpoint};
pub use error::ClusterError;
pub use place::{make_private_folder, place_in};
pub use programs::{MINIMUM_MAJOR, Programs};
pub use settings::Profile;
