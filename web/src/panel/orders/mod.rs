//! Orders: the live feed, and one of them.

pub mod list;
pub mod show;
