//! What became of a letter that was to be sent.

use storewire_domain::letter::TryOutcome;

/// A try and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub outcome: Outcome,
    /// The server's code and words, or ours where it had none; at most 200 characters, without addresses or logins.
    pub said: String,
}

/// What a caller may conclude; the table in the crate's description says from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it.
    Sent,
    /// The server has it not; to be tried again.
    Later,
    /// The server has it not; trying again changes nothing until somebody changes something.
    Refused,
    /// The server may have it.
    Unknown,
    /// There is no server; nothing was tried.
    NoSmtp,
    /// The address is none; nothing was tried.
    BadAddress,
}

impl Outcome {
    /// As the log of tries keeps it; `None` if no server was asked.
    #[must_use]
    pub const fn of_try(self) -> Option<TryOutcome> {
        match self {
            Self::Sent => Some(TryOutcome::Sent),
            Self::Later => Some(TryOutcome::Later),
            Self::Refused => Some(TryOutcome::Refused),
            Self::Unknown => Some(TryOutcome::Unknown),
            Self::NoSmtp | Self::BadAddress => None,
        }
    }
}

impl Sent {
    pub(crate) fn new(outcome: Outcome, said: impl Into<String>) -> Self {
        Self { outcome, said: said.into() }
    }
}
