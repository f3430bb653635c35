//! Sends pings and deliveries: connects, speaks TLS when the address says so, and gives up when WooCommerce would.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::model::profile::Profile;
use crate::model::webhook::Webhook;
use crate::webhook::exchange::exchange;
use crate::webhook::sign;

/// How long a receiver may take.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(60);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The fleet's way out. Receivers with TLS must be trusted by the fleet's own authority.
#[derive(Clone)]
pub struct Sender {
    connector: TlsConnector,
}

/// A delivery to be signed and sent.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    pub hook: &'a Webhook,
    pub secret: &'a str,
    /// The home it says it comes from.
    pub source: &'a str,
    pub body: &'a str,
    /// The shop's time.
    pub now: i64,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sender")
    }
}

impl Sender {
    #[must_use]
    pub fn new(config: Arc<rustls::ClientConfig>) -> Self {
        Self { connector: TlsConnector::from(config) }
    }

    /// The unsigned form that announces a webhook.
    ///
    /// # Errors
    /// When no answer came in time; WooCommerce does not care.
    pub async fn ping(&self, profile: &Profile, url: &str, webhook_id: u64) -> io::Result<u16> {
        let body = format!("webhook_id={webhook_id}");
        let target = Target::parse(url)?;
        let mut head = target.head(profile);
        let _ = write!(
            head,
            "Connection: close\r\nContent-Length: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
            body.len()
        );
        within(PING_TIMEOUT, self.send(&target, head, body.as_bytes())).await
    }

    /// A signed delivery.
    ///
    /// # Errors
    /// When no answer came in time.
    pub async fn deliver(&self, profile: &Profile, parcel: &Parcel<'_>) -> io::Result<u16> {
        let Parcel { hook, secret, source, body, now } = *parcel;
        let target = Target::parse(&hook.delivery_url)?;
        let mut head = target.head(profile);
        let _ = write!(
            head,
            "Content-Type: application/json\r\n\
             X-WC-Webhook-Source: {}/\r\n\
             X-WC-Webhook-Topic: {}\r\n\
             X-WC-Webhook-Resource: {}\r\n\
             X-WC-Webhook-Event: {}\r\n\
             X-WC-Webhook-Signature: {}\r\n\
             X-WC-Webhook-ID: {}\r\n\
             X-WC-Webhook-Delivery-ID: {}\r\n\
             Connection: close\r\n\
             Content-Length: {}\r\n\r\n",
            source.trim_end_matches('/'),
            hook.topic,
            hook.resource(),
            hook.event(),
            sign::signature(body.as_bytes(), secret),
            hook.id,
            sign::delivery_id(hook.id, now),
            body.len(),
        );
        within(DELIVERY_TIMEOUT, self.send(&target, head, body.as_bytes())).await
    }

    async fn send(&self, target: &Target, head: String, body: &[u8]) -> io::Result<u16> {
        let mut stream = TcpStream::connect((target.host.trim_matches(['[', ']']), target.port)).await?;
        stream.set_nodelay(true)?;
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        if !target.is_tls {
            return exchange(&mut stream, &request).await;
        }
        let name = ServerName::try_from(target.host.trim_matches(['[', ']']).to_owned())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        exchange(&mut self.connector.connect(name, stream).await?, &request).await
    }
}

async fn within(limit: Duration, sending: impl Future<Output = io::Result<u16>>) -> io::Result<u16> {
    tokio::time::timeout(limit, sending).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Where a request goes.
struct Target {
    is_tls: bool,
    host: String,
    port: u16,
    /// With the port, if the address named one.
    authority: String,
    path: String,
}

impl Target {
    fn parse(url: &str) -> io::Result<Self> {
        let refuse = || io::Error::new(io::ErrorKind::InvalidInput, "not an http address");
        let uri: Uri = url.parse().map_err(|_| refuse())?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refuse()),
        };
        let authority = uri.authority().ok_or_else(refuse)?;
        Ok(Self {
            is_tls,
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
            authority: authority.as_str().rsplit('@').next().unwrap_or_default().to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// The request line and what cURL puts first.
    fn head(&self, profile: &Profile) -> String {
        format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: WooCommerce/{} Hookshot (WordPress/{})\r\nAccept: */*\r\n\
             Accept-Encoding: deflate, gzip, br, zstd\r\n",
            self.path, self.authority, profile.version, profile.place.wordpress
        )
    }
}
