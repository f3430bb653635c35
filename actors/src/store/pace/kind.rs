//! What the end of a request says, and of whom.

use std::time::Duration;

use storewire_woo::{Failure, WooError};

use super::learn::Seen;

/// What the end of a request says of those who answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was answered, if only with a refusal.
    Answered,
    Throttled,
    /// Nothing, or a crash: it may be the store's or the whole host's.
    HostTrouble,
    /// Its name or certificate: the store's own.
    StoreTrouble,
    /// A page where JSON should be: maintenance, or who knows what.
    Page,
    /// A firewall.
    Blocked,
}

impl Kind {
    pub(crate) fn of(error: Option<&WooError>) -> Self {
        let Some(error) = error else { return Self::Answered };
        let is_success = error.status.is_some_and(|status| (200..300).contains(&status));
        match error.class {
            Failure::Throttled => Self::Throttled,
            Failure::Timeout | Failure::Connect | Failure::Interrupted | Failure::Overloaded => Self::HostTrouble,
            Failure::Dns | Failure::Tls | Failure::Refused => Self::StoreTrouble,
            // A page where JSON should be.
            Failure::Maintenance => Self::Page,
            Failure::Blocked if is_success => Self::Page,
            Failure::Blocked => Self::Blocked,
            _ => Self::Answered,
        }
    }

    pub(crate) fn seen(self, took: Duration) -> Option<Seen> {
        match self {
            Self::Answered => Some(Seen::Answer(took)),
            Self::Throttled => Some(Seen::Throttled),
            Self::HostTrouble => Some(Seen::Strained),
            Self::StoreTrouble | Self::Page | Self::Blocked => None,
        }
    }

    pub(crate) fn is_answer(self) -> bool {
        self == Self::Answered
    }

    /// What hides behind such a page is told by a look at the REST root, not by asking for the same again.
    pub(crate) fn blows_at_once(self) -> bool {
        matches!(self, Self::Page | Self::Blocked)
    }
}
