//! What needs files from outside the crate.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod captured_signatures;
