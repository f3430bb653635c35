#![doc = include_str!("../README.md")]

mod error;
mod files;
mod halves;
mod key;
mod stored;

pub use error::FilesError;
pub use files::Files;
pub use stored::Stored;
