//! Received webhooks, for staff: what came, what became of it, and again by today's code.

pub mod list;
pub mod replay;
pub mod show;
