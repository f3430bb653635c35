//! Where a request came from and what it was addressed to. Forwarded headers count only from trusted proxies.

use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use ipnet::IpNet;
use url::Url;

use crate::{error::WebError, state::AppState};

const MAX_USER_AGENT_CHARS: usize = 200;

/// The other end of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The caller's address: behind trusted proxies, the first one that is none of them.
    pub address: IpAddr,
    /// Whether the caller speaks https, to us or to a trusted proxy.
    pub is_https: bool,
    /// The host, and port if any, that the caller addressed.
    pub authority: String,
    pub user_agent: String,
}

impl Client {
    /// Reads the client of `request`.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let trusted: &[IpNet] = match request.app_data::<web::Data<AppState>>() {
            Some(state) => &state.settings.trusted_proxies,
            None => &[],
        };
        Self::behind(request, trusted)
    }

    fn behind(request: &HttpRequest, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let through_proxy = peer.is_some_and(is_trusted);
        let forwarded = |name: &str| if through_proxy { last_value(request, name) } else { None };

        let is_https = match forwarded("x-forwarded-proto") {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            None => request.app_config().secure(),
        };
        let host = || text(request, header::HOST.as_str()).or_else(|| Some(request.uri().authority()?.to_string()));
        let authority = forwarded("x-forwarded-host").or_else(host).unwrap_or_default();
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let address = if through_proxy { forwarded_address(request, is_trusted) } else { None };
        let user_agent = text(request, header::USER_AGENT.as_str()).unwrap_or_default();
        Self {
            address: address.or(peer).unwrap_or(unknown),
            is_https,
            authority,
            user_agent: user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARS).collect(),
        }
    }

    /// This request's own origin, as a browser would write it; `None` for a host that cannot be one.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let scheme = if self.is_https { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{}", self.authority)).ok()?;
        Some(url.origin().ascii_serialization())
    }
}

impl FromRequest for Client {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The header's text, if it is there exactly once.
fn text(request: &HttpRequest, name: &str) -> Option<String> {
    let mut values = request.headers().get_all(name);
    let only = values.next()?;
    if values.next().is_some() {
        return None;
    }
    only.to_str().ok().map(str::to_owned)
}

/// The last of a list of values: the word of the proxy that speaks to us, whatever the caller wrote before it.
fn last_value(request: &HttpRequest, name: &str) -> Option<String> {
    let line = request.headers().get_all(name).last()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Walks the chain of proxies from our end; the first address that is not a trusted proxy is the caller's.
fn forwarded_address(request: &HttpRequest, is_trusted: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let lines: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
    let mut found = None;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = parse_hop(hop.trim()) else { break };
        found = Some(address);
        if !is_trusted(address) {
            break;
        }
    }
    found
}

/// `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1` or `[2001:db8::1]:5678`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = || hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|addr| addr.ip());
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    bare().or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(peer: &str, headers: &[(&'static str, &'static str)]) -> Client {
        let mut request = TestRequest::get().peer_addr(peer.parse().unwrap());
        for header in headers {
            request = request.append_header(*header);
        }
        Client::behind(&request.to_http_request(), &["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()])
    }

    const SPOOFED: [(&str, &str); 4] = [
        ("x-forwarded-for", "9.9.9.9"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("host", "panel.example:8080"),
    ];

    #[test]
    fn a_stranger_cannot_forge_address_scheme_or_host() {
        let client = seen("203.0.113.5:4000", &SPOOFED);
        assert_eq!(client.address.to_string(), "203.0.113.5");
        assert!(!client.is_https);
        assert_eq!(client.origin().unwrap(), "http://panel.example:8080");
    }

    #[test]
    fn a_trusted_proxy_says_who_called_and_how() {
        let client = seen("10.0.0.1:4000", &SPOOFED);
        assert_eq!(client.address.to_string(), "9.9.9.9");
        assert!(client.is_https);
        assert_eq!(client.origin().unwrap(), "https://evil.example");
        let mapped = seen("[::ffff:10.0.0.1]:4000", &SPOOFED);
        assert_eq!(mapped.address.to_string(), "9.9.9.9");
    }

    #[test]
    fn what_the_caller_wrote_before_the_first_proxy_is_ignored() {
        let chains = [
            "1.1.1.1, 9.9.9.9, 10.0.0.2",
            "10.0.0.3, 9.9.9.9",
            "nonsense, 9.9.9.9:5000",
            "unknown, 9.9.9.9, 10.2.3.4, [fd00::1]:80",
        ];
        for chain in chains {
            let client = seen("10.0.0.1:4000", &[("x-forwarded-for", chain)]);
            assert_eq!(client.address.to_string(), "9.9.9.9", "{chain}");
        }
        let spread = seen("10.0.0.1:4000", &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "9.9.9.9")]);
        assert_eq!(spread.address.to_string(), "9.9.9.9");
    }

    #[test]
    fn a_proxy_that_says_nothing_is_itself_the_caller() {
        assert_eq!(seen("10.0.0.1:4000", &[]).address.to_string(), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:4000", &[("x-forwarded-for", "hidden")]).address.to_string(), "10.0.0.1");
    }
}
