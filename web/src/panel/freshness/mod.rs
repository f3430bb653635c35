//! Up to when lists are complete.

pub mod show;
