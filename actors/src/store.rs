//! One store's actor and its duties.

mod actor;
mod aftermath;
mod agenda;
mod compare;
mod context;
mod decide;
mod duty;
mod early;
mod follow;
mod hooks;
mod intake;
mod isolate;
mod judge;
mod keep;
mod listing;
mod mend;
mod news;
mod outbox;
mod pace;
mod pull;
mod recheck;
mod record;
#[cfg(test)]
mod simulation;
mod source;
mod standing;
mod state;
mod storm;
mod sweep;

pub(crate) use actor::{EndGuardParts, Ended, Hurry, InboxNudge, Nudge, Stop, StoreActor};
pub(crate) use context::Shared;
pub(crate) use duty::Duty;
pub(crate) use intake::quarantine_reason;
pub(crate) use news::{store_changed, tell_state};
pub(crate) use outbox::transition;
pub(crate) use pace::Crowd;
pub(crate) use source::place;
