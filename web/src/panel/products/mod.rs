//! Products: the list with live stock, and one of them.

pub mod list;
pub mod show;
