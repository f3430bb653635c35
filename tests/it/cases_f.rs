//! Live sockets: peers that read slowly or not at all, and peers that come and go.

mod resume;
mod slow;
