//! What a store's actor is told.

use actix::Message;

use super::super::duty::Duty;

/// The inbox has mail. Sent by the inbox writer; safe any number of times.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct InboxNudge;

/// The store's rows hold work for this duty. Safe any number of times; a lost one is made up for by the next look at the rows.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(crate) struct Nudge(pub(crate) Duty);

/// A person wants this done now, whatever rests. Safe any number of times.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(crate) struct Hurry(pub(crate) Duty);

/// End; the supervisor has no more use for this actor.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Stop;
