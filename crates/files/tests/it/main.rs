//! Files over a real folder: kept, read back, found loose, and whole whatever happens to whoever writes them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod folder;
mod killed;
mod scene;
