//! What can stand between a request and what it asked for, named by what to do about it: a public enum that every caller
//! may decide by.

/// The kinds of failure. Each asks for another reaction; see [`crate::WooError`]'s methods.
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

    pub(crate) const fn text(self) -> &'static str {
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
