//! Light or dark.

pub mod update;
