//! One store's actor and its duties.

mod actor;
mod compare;
mod context;
mod decide;
mod early;
mod enrich;
mod hooks;
mod intake;
mod judge;
mod keep;
mod pace;
mod pull;
mod record;

pub(crate) use actor::{EndGuardParts, Ended, InboxNudge, PullNudge, Stop, StoreActor};
pub(crate) use context::Shared;
