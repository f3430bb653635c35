//! Letters over real sockets: what is sent, and what is concluded from each way in which that can end.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod hidden;
mod letters;
mod mailbox;
mod scene;
mod script;
mod stages;
mod tls;
