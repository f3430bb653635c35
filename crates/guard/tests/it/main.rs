//! What needs files from outside the crate, and texts that strangers may send.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod captured_signatures;
mod generated;
