//! A failed exchange with a store, and what a caller may conclude from it.

use std::{error::Error, fmt, time::Duration};

use crate::Failure;

/// A failed exchange with a store. Holds no key, no body and no query, so it may be logged and shown to staff.
#[derive(Debug)]
pub struct WooError {
    pub class: Failure,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// WooCommerce's or WordPress's own code. Messages are translated by the site and therefore not kept.
    pub code: Option<String>,
    /// How long the store asks us to wait, at most an hour.
    pub retry_after: Option<Duration>,
    /// Where a redirect points, without its query.
    pub moved_to: Option<String>,
    /// Whether the request may have reached the store.
    pub(crate) sent: bool,
    pub(crate) cause: Option<Box<dyn Error + Send + Sync>>,
}

impl WooError {
    /// A failure of this class, of a request that may have reached the store.
    #[must_use]
    pub const fn new(class: Failure) -> Self {
        Self { class, status: None, code: None, retry_after: None, moved_to: None, sent: true, cause: None }
    }

    pub(crate) fn unsent(class: Failure, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { sent: false, cause: Some(cause.into()), ..Self::new(class) }
    }

    /// A request that was refused before anything was sent, under a code of ours.
    pub(crate) fn unasked(class: Failure, cause: &'static str, code: &str) -> Self {
        Self::unsent(class, cause).with_code(code)
    }

    /// A request that was held back for so long, because the store or its host is left alone: nothing was sent. `code` says why.
    #[must_use]
    pub fn resting(class: Failure, code: &str, wait: Duration) -> Self {
        let cause = "the store is left alone for now";
        Self { retry_after: Some(wait), ..Self::unasked(class, cause, code) }
    }

    pub(crate) fn with_code(self, code: &str) -> Self {
        Self { code: Some(code.to_owned()), ..self }
    }

    /// Whether time alone may heal it, so that the same request is worth another try later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self.class,
            Failure::Timeout
                | Failure::Connect
                | Failure::Interrupted
                | Failure::Dns
                | Failure::Tls
                | Failure::TooLarge
                | Failure::Throttled
                | Failure::Overloaded
                | Failure::Maintenance
                | Failure::BadJson
        )
    }

    /// Whether a person must act: keys, permissions, address, firewall. Hammering would make it worse.
    #[must_use]
    pub const fn needs_attention(&self) -> bool {
        matches!(
            self.class,
            Failure::Refused
                | Failure::Moved
                | Failure::AuthNotReaching
                | Failure::AuthRejected
                | Failure::Forbidden
                | Failure::Blocked
                | Failure::NoRoute
                | Failure::NotWooCommerce
        )
    }

    /// Whether asking for less, or later, may be all that is needed: what a limiter learns from.
    #[must_use]
    pub const fn is_about_pace(&self) -> bool {
        matches!(
            self.class,
            Failure::Timeout
                | Failure::Throttled
                | Failure::Overloaded
                | Failure::TooLarge
                | Failure::Interrupted
                | Failure::Connect
        )
    }

    /// Whether a write with this outcome certainly changed nothing. Otherwise read before deciding anything: a crash
    /// page, a firewall's page or a lost connection may well come after the change was made.
    #[must_use]
    pub const fn is_certainly_not_applied(&self) -> bool {
        if !self.sent {
            return true;
        }
        match self.class {
            // WooCommerce's own refusals, and what is decided before a plugin runs.
            Failure::Moved
            | Failure::BadRequest
            | Failure::AuthNotReaching
            | Failure::AuthRejected
            | Failure::Forbidden
            | Failure::NoRoute
            | Failure::Gone
            | Failure::Throttled => true,
            // The store's word, not our own cap on what we read of its answer.
            Failure::TooLarge => matches!(self.status, Some(413)),
            // A web server that wants a password of its own, or does not know the method. Any other page may come from
            // a filter that looks at answers, hence after the fact.
            Failure::Blocked => matches!(self.status, Some(401 | 405 | 501)),
            Failure::Timeout
            | Failure::Connect
            | Failure::Interrupted
            | Failure::Dns
            | Failure::Tls
            | Failure::Refused
            | Failure::NotWooCommerce
            | Failure::Overloaded
            | Failure::Maintenance
            | Failure::BadJson => false,
        }
    }

    /// A short word for messages and stored reasons.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.class.code()
    }

    /// How long the store asks us to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for WooError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class.text())?;
        match (self.status, &self.code) {
            (Some(status), Some(code)) => write!(f, " (http {status}, {code})"),
            (Some(status), None) => write!(f, " (http {status})"),
            (None, Some(code)) => write!(f, " ({code})"),
            (None, None) => Ok(()),
        }
    }
}

impl Error for WooError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
