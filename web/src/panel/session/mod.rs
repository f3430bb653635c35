//! A person's session: the login form, logging in, logging out.

pub mod create;
pub mod delete;
pub mod new;
