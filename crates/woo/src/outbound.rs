//! The one way out: every request of the process goes through this client, so that one place refuses private addresses,
//! caps bytes and time, follows nothing and lets no key into an error.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use ipnet::IpNet;
use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect,
};
use storewire_domain::Clock;
use url::Url;

use crate::{
    Failure, UrlRefused, WooError,
    answer::Answer,
    call::{Call, Plaintext},
    gate::Gate,
    resolver::{FilteringResolver, Lookup, system_lookup},
    room::Room,
    roots,
    transport::transport,
};

/// WordPress takes a POST for the method that this header names.
const METHOD_OVERRIDE: &str = "x-http-method-override";

/// How the process speaks to the outside.
#[derive(Clone, Debug)]
pub struct OutboundConfig {
    /// Networks that are let through although they are not public.
    pub allow_networks: Vec<IpNet>,
    /// An extra certificate authority for stores, PEM.
    pub ca_pem: Option<Vec<u8>>,
    pub connect_timeout: Duration,
    /// For a whole exchange: name, connection, request and answer.
    pub total_timeout: Duration,
    /// The largest answer, counted after decompression.
    pub max_body: usize,
    /// Hosts block odd or changing agents and anything that calls itself a bot.
    pub user_agent: String,
    /// Stamps signed requests.
    pub clock: Clock,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            allow_networks: Vec::new(),
            ca_pem: None,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(60),
            max_body: 16 * 1024 * 1024,
            user_agent: product_name(env!("CARGO_PKG_REPOSITORY")),
            clock: Clock::system(),
        }
    }
}

fn product_name(contact: &str) -> String {
    let product = concat!("Storewire/", env!("CARGO_PKG_VERSION"));
    if contact.is_empty() { product.to_owned() } else { format!("{product} (+{contact})") }
}

/// Why the client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the extra certificate authority is no PEM certificate")]
    CaFile,
    #[error("the user agent cannot be sent as a header")]
    UserAgent,
    #[error("cannot set up tls")]
    Tls(#[source] rustls::Error),
    #[error("cannot set up the http client")]
    Client(#[source] reqwest::Error),
}

/// The guarded client. Clones share one connection pool.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    client: Client,
    gate: Gate,
    total_timeout: Duration,
    max_body: usize,
    room: Room,
    clock: Clock,
}

impl Outbound {
    /// Makes the process's client; every store shares it.
    ///
    /// # Errors
    /// Where the extra authority or the user agent cannot be used.
    pub fn new(config: OutboundConfig) -> Result<Self, SetupError> {
        Self::with_lookup(config, system_lookup())
    }

    /// A client of a rehearsal's own, which reaches its twins at exactly these places, by https with this authority (PEM), and nobody
    /// else: neither another port of this machine nor the internet. No other client reaches more because of it.
    ///
    /// # Errors
    /// Where the authority cannot be used.
    pub fn to_twins(twins: &[SocketAddr], ca_pem: &[u8], config: OutboundConfig) -> Result<Self, SetupError> {
        // Refused before it is asked: twins have no names.
        let lookup: Lookup = Arc::new(|_| Box::pin(std::future::ready(Ok(Vec::new()))));
        Self::built(config, Gate::to_twins(twins), roots::tls_by(ca_pem)?, lookup)
    }

    pub(crate) fn with_lookup(config: OutboundConfig, lookup: Lookup) -> Result<Self, SetupError> {
        let (gate, tls) = (Gate::new(&config.allow_networks), roots::tls(config.ca_pem.as_deref())?);
        Self::built(config, gate, tls, lookup)
    }

    fn built(
        config: OutboundConfig,
        gate: Gate,
        tls: rustls::ClientConfig,
        lookup: Lookup,
    ) -> Result<Self, SetupError> {
        let user_agent = HeaderValue::from_str(&config.user_agent).map_err(|_| SetupError::UserAgent)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(FilteringResolver::new(gate.clone(), lookup)))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .user_agent(user_agent)
            .connect_timeout(config.connect_timeout)
            // A round of requests keeps its connection; thousands of stores at rest keep none, each of which would cost more than the store.
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(2)
            .build()
            .map_err(SetupError::Client)?;
        let OutboundConfig { total_timeout, max_body, clock, .. } = config;
        Ok(Self(Arc::new(Inner { client, gate, total_timeout, max_body, room: Room::new(), clock })))
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Judges an address before it is saved. Every request is judged again, and so is what its name resolves to.
    ///
    /// # Errors
    /// The reason why no request would be sent there.
    pub fn check(&self, url: &Url) -> Result<(), UrlRefused> {
        self.0.gate.check(url)
    }

    /// Makes the request and reads the whole answer, whatever its status, within the time and size allowed. Plain http
    /// only where the call itself says so, and never with a header that holds keys.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, WooError> {
        self.check(&call.url).map_err(|refused| WooError::unsent(Failure::Refused, refused))?;
        let may_be_plain = call.plaintext == Plaintext::Allowed && call.authorization.is_none();
        if call.url.scheme() != "https" && !may_be_plain {
            return Err(WooError::unsent(Failure::Refused, UrlRefused::Plaintext));
        }
        match tokio::time::timeout(self.0.total_timeout, self.exchange(call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(WooError::new(Failure::Timeout)),
        }
    }

    async fn exchange(&self, call: Call) -> Result<Answer, WooError> {
        let has_body = call.method != Method::HEAD;
        let mut request = self.0.client.request(call.method, call.url).header(ACCEPT, call.accept);
        if let Some(value) = call.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(method) = call.stands_for {
            request = request.header(METHOD_OVERRIDE, method.as_str());
        }
        if let Some(json) = call.json {
            request = request.header(CONTENT_TYPE, "application/json").body(json);
        }
        let response = request.send().await.map_err(transport)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = if has_body { read_capped(response, self.0.max_body, &self.0.room).await? } else { Vec::new() };
        Ok(Answer { status, headers, body })
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("gate", &self.0.gate).finish_non_exhaustive()
    }
}

/// Reads a body chunk by chunk and stops at the cap. Chunks come decompressed and small, so a bomb costs no more memory than the room has.
async fn read_capped(mut response: Response, max_body: usize, room: &Room) -> Result<Vec<u8>, WooError> {
    let (mut body, mut share) = (Vec::new(), room.share());
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        let bytes = body.len().saturating_add(chunk.len());
        if bytes > max_body {
            return Err(WooError::new(Failure::TooLarge));
        }
        share.grow(&mut body, bytes).await;
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::IpAddr, sync::Mutex};

    type Answer = Result<Vec<IpAddr>, &'static str>;

    /// A client whose name server gives these answers, one a look-up, the last for ever.
    fn outbound(answers: Vec<Answer>, allowed: &[&str]) -> Outbound {
        let answers = Mutex::new(answers);
        let lookup: Lookup = Arc::new(move |_| {
            let mut answers = answers.lock().unwrap();
            let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
            Box::pin(std::future::ready(answer.map_err(Into::into)))
        });
        let allow_networks = allowed.iter().map(|net| net.parse().unwrap()).collect();
        let config = OutboundConfig { allow_networks, ..OutboundConfig::default() };
        Outbound::with_lookup(config, lookup).unwrap()
    }

    async fn ask(outbound: &Outbound, port: u16) -> WooError {
        let url = format!("https://shop.example:{port}/").parse().unwrap();
        outbound.send(Call::get(url)).await.unwrap_err()
    }

    fn listener() -> (std::net::TcpListener, u16) {
        listener_at("127.0.0.1:0")
    }

    fn listener_at(address: &str) -> (std::net::TcpListener, u16) {
        let listener = std::net::TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn b9_a_name_that_leads_inside_is_refused_at_connect_and_nothing_is_opened() {
        let (listener, port) = listener();
        let outbound = outbound(vec![Ok(vec![ip("127.0.0.1"), ip("::1"), ip("::ffff:127.0.0.1")])], &[]);
        for _ in 0..10 {
            let error = ask(&outbound, port).await;
            assert_eq!(error.class, Failure::Refused, "{error:?}");
            assert!(error.is_certainly_not_applied() && error.needs_attention());
        }
        assert!(listener.accept().is_err(), "a connection was opened");
    }

    #[tokio::test]
    async fn an_allowed_network_is_reached_by_name() {
        let (listener, port) = listener();
        let outbound = outbound(vec![Ok(vec![ip("10.0.0.1"), ip("127.0.0.1")])], &["127.0.0.1/32"]);
        let asking = tokio::time::timeout(Duration::from_secs(5), async {
            let asked = tokio::spawn(async move { ask(&outbound, port).await });
            loop {
                if let Ok((socket, _)) = listener.accept() {
                    drop(socket);
                    break;
                }
                tokio::task::yield_now().await;
            }
            asked.await.unwrap()
        });
        let error = asking.await.unwrap();
        assert!(matches!(error.class, Failure::Tls | Failure::Connect), "{error:?}");
    }

    #[tokio::test]
    async fn b9_of_a_thousand_answers_in_turn_good_and_bad_no_bad_one_is_connected_to() {
        const FLIPS: usize = 1_000;
        // The same port at the address that is allowed and at the one that is not.
        let (allowed, inside, port) = loop {
            let (allowed, port) = listener_at("127.0.0.2:0");
            if let Ok(inside) = std::net::TcpListener::bind(("127.0.0.1", port)) {
                inside.set_nonblocking(true).unwrap();
                break (allowed, inside, port);
            }
        };
        let answers = (0..FLIPS).map(|turn| Ok(vec![ip(if turn % 2 == 0 { "127.0.0.2" } else { "127.0.0.1" })]));
        let outbound = outbound(answers.collect(), &["127.0.0.2/32"]);
        let (mut reached, mut refused) = (0, 0);
        for _ in 0..FLIPS {
            let asked = tokio::spawn({
                let outbound = outbound.clone();
                async move { ask(&outbound, port).await }
            });
            while !asked.is_finished() {
                // Hung up on, so that the exchange is over.
                reached += usize::from(allowed.accept().is_ok());
                tokio::task::yield_now().await;
            }
            refused += usize::from(asked.await.unwrap().class == Failure::Refused);
        }
        assert!(inside.accept().is_err(), "a connection was opened inside");
        assert_eq!((reached, refused), (FLIPS / 2, FLIPS / 2));
    }

    #[tokio::test]
    async fn names_without_an_address_are_dns_failures() {
        for answer in [Ok(Vec::new()), Err("the name server is down")] {
            let error = ask(&outbound(vec![answer], &[]), 443).await;
            assert_eq!(error.class, Failure::Dns, "{error:?}");
            assert!(error.is_retryable() && error.is_certainly_not_applied());
        }
    }

    #[test]
    fn the_product_names_itself_and_its_contact() {
        assert_eq!(product_name(""), concat!("Storewire/", env!("CARGO_PKG_VERSION")));
        assert!(product_name("https://storewire.example").ends_with(" (+https://storewire.example)"));
    }
}
