#![doc = include_str!("../README.md")]

mod address;
mod compose;
mod config;
mod letter;
mod post;
mod recorder;
mod said;
mod sent;
mod smtp;
mod tls;
mod try_once;

pub use address::is_address;
pub use config::{Encryption, PostError, SmtpConfig};
pub use letter::Letter;
pub use post::Post;
pub use recorder::Recorder;
pub use sent::{Outcome, Sent};
