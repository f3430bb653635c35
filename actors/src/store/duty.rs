//! What a store's actor does for its store, in the order in which a person would want it done.

use std::time::Duration;

use super::{context::StoreContext, hooks, intake, judge::WorkError, mend, outbox, pull, recheck, sweep};

/// The kinds of work. Each is done in small steps, and each step finds in the rows where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Duty {
    /// Applies waiting deliveries. Needs nothing of the store.
    Inbox,
    /// Looks for a way to the store that was lost.
    Mend,
    /// Writes intents to the store.
    Outbox,
    /// Asks the store about single records.
    Rechecks,
    /// Keeps our webhooks registered.
    Hooks,
    /// Reads what changed, or everything the first time.
    Pull,
    /// Walks everything that the store lists, to find what no date tells.
    Sweep,
}

/// Which of an actor's two hands a duty needs. Each does one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Works on our copy only.
    Desk,
    /// Speaks to the store.
    Store,
}

/// When a duty wants to be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// There is more to do.
    Now,
    /// Not before this has passed.
    In(Duration),
    /// When somebody says so.
    Nudged,
}

impl Duty {
    /// By rank: the first that is due goes first.
    pub(crate) const ALL: [Self; 7] =
        [Self::Inbox, Self::Mend, Self::Outbox, Self::Rechecks, Self::Hooks, Self::Pull, Self::Sweep];

    pub(crate) const fn lane(self) -> Lane {
        match self {
            Self::Inbox => Lane::Desk,
            _ => Lane::Store,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Mend => "mend",
            Self::Outbox => "outbox",
            Self::Rechecks => "rechecks",
            Self::Hooks => "hooks",
            Self::Pull => "pull",
            Self::Sweep => "sweep",
        }
    }

    /// Whether a person waits for it, or everything does: it needs none of the background's budget and goes first.
    pub(crate) const fn is_urgent(self) -> bool {
        matches!(self, Self::Mend | Self::Outbox)
    }

    /// Does one step.
    pub(crate) async fn step(self, context: &StoreContext) -> Result<Next, WorkError> {
        match self {
            Self::Inbox => intake::step(context).await,
            Self::Mend => mend::step(context).await,
            Self::Outbox => outbox::step(context).await,
            Self::Rechecks => recheck::step(context).await,
            Self::Hooks => hooks::step(context).await,
            Self::Pull => pull::step(context).await,
            Self::Sweep => sweep::step(context).await,
        }
    }
}
