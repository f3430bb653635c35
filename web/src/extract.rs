//! What handlers take from a request: who asks, from where, and how somebody logs in.

pub mod client;
pub mod cookie;
pub mod login;
pub mod login_gate;
pub mod session;

pub use client::Client;
pub use login::{Login, LoginError, login};
pub use login_gate::LoginGate;
pub use session::Session;
