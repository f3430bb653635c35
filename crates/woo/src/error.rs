//! Everything that can come back from a store instead of what was asked for, named by what to do about it.

use std::{error::Error, fmt, time::Duration};

/// The kinds of failure. Each asks for another reaction; see [`WooError`]'s methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// No whole answer within the time allowed.
    Timeout,
    /// No connection: refused, unreachable, reset while connecting.
    Connect,
    /// The connection broke after the request was sent.
    Interrupted,
    /// The host name has no address just now.
    Dns,
    /// The certificate is expired, foreign or for another host, or no common TLS version.
    Tls,
    /// Our own guard refused the address; nothing was sent.
    Refused,
    /// A redirect. It is never followed with keys; a person confirms the new address.
    Moved,
    /// The store did not accept what was asked: our fault or an old version's.
    BadRequest,
    /// The keys did not reach WooCommerce, or it does not know them.
    AuthNotReaching,
    /// The keys reached WooCommerce and are wrong, or lack the right to read or write.
    AuthRejected,
    /// The keys' user may not do this.
    Forbidden,
    /// A firewall, a challenge or a login page stands before the store.
    Blocked,
    /// There is no such route: WooCommerce is off, or permalinks or prefix changed.
    NoRoute,
    /// A WordPress without WooCommerce's REST API, or no WordPress at all.
    NotWooCommerce,
    /// The store has no such record.
    Gone,
    /// The request or the answer is larger than one side accepts.
    TooLarge,
    /// The store or its host asked us to slow down.
    Throttled,
    /// The store failed inside, or is too busy.
    Overloaded,
    /// The store is in maintenance, or sent nothing at all.
    Maintenance,
    /// An answer that is not the JSON it should be.
    BadJson,
}

impl Failure {
    /// A short word for messages and stored reasons.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Interrupted => "interrupted",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Refused => "refused",
            Self::Moved => "moved",
            Self::BadRequest => "bad_request",
            Self::AuthNotReaching => "auth_not_reaching",
            Self::AuthRejected => "auth_rejected",
            Self::Forbidden => "forbidden",
            Self::Blocked => "blocked",
            Self::NoRoute => "no_route",
            Self::NotWooCommerce => "not_woocommerce",
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::Throttled => "throttled",
            Self::Overloaded => "overloaded",
            Self::Maintenance => "maintenance",
            Self::BadJson => "bad_json",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Timeout => "the store did not answer in time",
            Self::Connect => "the store cannot be reached",
            Self::Interrupted => "the connection to the store broke",
            Self::Dns => "the store's host name cannot be resolved",
            Self::Tls => "the store's certificate is not trusted",
            Self::Refused => "the address is refused",
            Self::Moved => "the store redirects elsewhere",
            Self::BadRequest => "the store did not accept the request",
            Self::AuthNotReaching => "the keys did not reach the store or are unknown to it",
            Self::AuthRejected => "the store rejected the keys",
            Self::Forbidden => "the keys' user may not do this",
            Self::Blocked => "something in front of the store blocks us",
            Self::NoRoute => "the store has no such route",
            Self::NotWooCommerce => "no WooCommerce answers there",
            Self::Gone => "the store has no such record",
            Self::TooLarge => "the request or its answer is too large",
            Self::Throttled => "the store asks to slow down",
            Self::Overloaded => "the store failed or is overloaded",
            Self::Maintenance => "the store is in maintenance",
            Self::BadJson => "the store's answer is not readable",
        }
    }
}

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
    pub(crate) const fn new(class: Failure) -> Self {
        Self { class, status: None, code: None, retry_after: None, moved_to: None, sent: true, cause: None }
    }

    pub(crate) fn unsent(class: Failure, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { sent: false, cause: Some(cause.into()), ..Self::new(class) }
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

    /// Whether a write with this outcome certainly changed nothing. Otherwise read before deciding anything: a crash
    /// page or a lost connection may well come after the change was made.
    #[must_use]
    pub const fn is_certainly_not_applied(&self) -> bool {
        if !self.sent {
            return true;
        }
        match self.class {
            Failure::Moved
            | Failure::BadRequest
            | Failure::AuthNotReaching
            | Failure::AuthRejected
            | Failure::Forbidden
            | Failure::NoRoute
            | Failure::Gone
            | Failure::Throttled => true,
            Failure::TooLarge => self.status.is_some(),
            _ => false,
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
