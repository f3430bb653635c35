//! Customer accounts of stores: the list, one of them, and its fields.

pub mod list;
pub mod show;
pub mod update;
