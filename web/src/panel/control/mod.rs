//! The control room, for staff: every store's actor at one glance, with the few things that people do to it.

pub mod show;
