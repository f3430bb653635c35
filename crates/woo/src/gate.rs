//! The first of two gates against requests into our own network: what a URL itself gives away.
//!
//! The second is [`crate::resolver`], which judges what a name resolves to. Both are needed: the HTTP client asks no
//! resolver about a host that is an address already, and a name tells nothing about its address.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
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
    #[error("a rehearsal speaks to its own twins and to nobody else")]
    NoTwin,
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
            Self::Localhost(_) | Self::Address { .. } | Self::NoTwin => "url_private",
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
    /// The only places that there are, for a rehearsal: then nothing else counts, and no name is looked up.
    twins: Option<Arc<[SocketAddr]>>,
}

impl Gate {
    pub(crate) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into(), twins: None }
    }

    /// Lets through requests to exactly these places, named by their addresses.
    pub(crate) fn to_twins(twins: &[SocketAddr]) -> Self {
        Self { allowed: Arc::default(), twins: Some(twins.into()) }
    }

    /// Judges a URL before anything is done with it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), UrlRefused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlRefused::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefused::Userinfo);
        }
        if let Some(twins) = &self.twins {
            return check_twin(url, twins);
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
        if self.twins.is_some() {
            // Twins have no names: whatever a name server says leads elsewhere.
            return Err(UrlRefused::NoTwin);
        }
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

fn check_twin(url: &Url, twins: &[SocketAddr]) -> Result<(), UrlRefused> {
    let address: IpAddr = match url.host() {
        Some(Host::Ipv4(address)) => address.into(),
        Some(Host::Ipv6(address)) => address.into(),
        Some(Host::Domain(_)) | None => return Err(UrlRefused::NoTwin),
    };
    let is_twin = url.port_or_known_default().is_some_and(|port| twins.contains(&SocketAddr::new(address, port)));
    if is_twin { Ok(()) } else { Err(UrlRefused::NoTwin) }
}

fn is_web_port(port: u16) -> bool {
    matches!(port, 80 | 443) || (port >= 1024 && !NOT_WEB.contains(&port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(gate: &Gate, url: &str) -> Result<(), UrlRefused> {
        gate.check(&url.parse().unwrap())
    }

    #[test]
    fn a_rehearsal_reaches_its_twins_exact_places_and_nothing_else() {
        let gate = Gate::to_twins(&["127.0.0.1:9700".parse().unwrap(), "127.0.0.2:9700".parse().unwrap()]);
        for twin in ["https://127.0.0.1:9700/s/1/wp-json", "https://127.0.0.2:9700/", "https://2130706433:9700/"] {
            assert_eq!(verdict(&gate, twin), Ok(()), "{twin}");
        }
        for other in [
            "https://127.0.0.1:9701/",
            "https://127.0.0.1/",
            "https://127.0.0.3:9700/",
            "https://[::1]:9700/",
            "https://[::ffff:127.0.0.1]:9700/",
            "https://localhost:9700/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1:9700/",
            "https://shop.example/",
            "https://93.184.216.34/",
        ] {
            assert_eq!(verdict(&gate, other), Err(UrlRefused::NoTwin), "{other}");
        }
        assert!(gate.check_address("127.0.0.1".parse().unwrap()).is_err(), "no name leads to a twin");
        assert!(gate.check_address("93.184.216.34".parse().unwrap()).is_err());
    }

    #[test]
    fn a_rehearsal_without_twins_reaches_nobody() {
        let gate = Gate::to_twins(&[]);
        for place in ["https://127.0.0.1:9700/", "https://shop.example/", "https://93.184.216.34/"] {
            assert_eq!(verdict(&gate, place), Err(UrlRefused::NoTwin), "{place}");
        }
    }

    #[test]
    fn what_a_rehearsal_may_reach_stays_closed_to_everybody_else() {
        assert!(verdict(&Gate::new(&[]), "https://127.0.0.1:9700/s/1").is_err());
    }
}
