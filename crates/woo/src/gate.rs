//! The first of two gates against requests into our own network: what a URL itself gives away.
//!
//! The second is [`crate::resolver`], which judges what a name resolves to. Both are needed: the HTTP client asks no
//! resolver about a host that is an address already, and a name tells nothing about its address.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use ipnet::IpNet;
use url::{Host, Url};

use crate::address::reserved;

/// Why a URL is not spoken to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefused {
    #[error("not a web address")]
    Unreadable,
    #[error("the scheme {0:?} is not https")]
    Scheme(String),
    #[error("the shop must be reached over https; plain http would show its keys to everyone on the way")]
    Plaintext,
    #[error("a user name or password inside the address is not accepted")]
    Userinfo,
    #[error("a host name that ends with a dot is not accepted")]
    TrailingDot,
    #[error("{0} names this machine")]
    Localhost(String),
    #[error("{address} is not a public address ({range})")]
    Address { address: IpAddr, range: &'static str },
    #[error("port {0} is not a web server's")]
    Port(u16),
}

impl UrlRefused {
    /// A short word for messages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "url_unreadable",
            Self::Scheme(_) => "url_scheme",
            Self::Plaintext => "url_plaintext",
            Self::Userinfo => "url_userinfo",
            Self::TrailingDot => "url_trailing_dot",
            Self::Localhost(_) | Self::Address { .. } => "url_private",
            Self::Port(_) => "url_port",
        }
    }
}

/// Ports of databases and the like: no shop listens there, and their owners would not thank us for a request.
const NOT_WEB: &[u16] =
    &[1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5672, 5900, 6379, 6667, 9200, 9300, 11211, 27017];

/// Decides by the networks that an operator allows beyond the public internet.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    allowed: Arc<[IpNet]>,
}

impl Gate {
    pub(crate) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Judges a URL before anything is done with it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), UrlRefused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlRefused::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefused::Userinfo);
        }
        let known = match url.host().ok_or(UrlRefused::Unreadable)? {
            Host::Ipv4(address) => self.check_address(address.into())?,
            Host::Ipv6(address) => self.check_address(address.into())?,
            Host::Domain(name) => self.check_name(name)?,
        };
        match url.port_or_known_default() {
            Some(port) if known == Trust::Public && !is_web_port(port) => Err(UrlRefused::Port(port)),
            _ => Ok(()),
        }
    }

    /// Judges an address, from a URL or from a name server.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<Trust, UrlRefused> {
        if self.allows(address) {
            return Ok(Trust::Allowed);
        }
        match reserved(address) {
            None => Ok(Trust::Public),
            Some(range) => Err(UrlRefused::Address { address, range }),
        }
    }

    fn check_name(&self, name: &str) -> Result<Trust, UrlRefused> {
        if name.ends_with('.') {
            return Err(UrlRefused::TrailingDot);
        }
        let own = name == "localhost"
            || name.ends_with(".localhost")
            || name.starts_with("localhost.")
            || name.starts_with("ip6-");
        if !own {
            return Ok(Trust::Public);
        }
        let loopback = self.allows(Ipv4Addr::LOCALHOST.into()) || self.allows(Ipv6Addr::LOCALHOST.into());
        if loopback { Ok(Trust::Allowed) } else { Err(UrlRefused::Localhost(name.to_owned())) }
    }

    fn allows(&self, address: IpAddr) -> bool {
        // An IPv4 address in IPv6 clothes reaches the IPv4 host, so it counts as that.
        let plain = address.to_canonical();
        self.allowed.iter().any(|net| net.contains(&address) || net.contains(&plain))
    }
}

/// How an address came to be let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Public,
    /// By an operator's word; then any port will do.
    Allowed,
}

fn is_web_port(port: u16) -> bool {
    matches!(port, 80 | 443) || (port >= 1024 && !NOT_WEB.contains(&port))
}
