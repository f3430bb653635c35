//! What keeps the doors shut: signatures, tokens, passwords, sealing and authorisation decisions. Pure but for
//! randomness and the one key file.

pub mod access;
pub mod digest;
mod key_file;
pub mod password;
mod random;
pub mod seal;
pub mod session_token;
pub mod signature;
pub mod token;
