//! A store made of one closure, over TLS on a real socket.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{ServerConfig, crypto::aws_lc_rs};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use storewire_domain::AuthScheme;
use storewire_woo::{Keys, Outbound, OutboundConfig, Site, StoreClient};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

pub const KEY: &str = "ck_canary_key_7f3a";
pub const SECRET: &str = "cs_canary_secret_91bc";

/// A request as the store saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn param(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    }
}

/// What the store does with a request.
pub enum Reply {
    Http {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, then the second ones for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, then nothing, with the connection left open.
    Stall(Vec<u8>),
    /// These bytes, then a space again and again, with pauses.
    Drip(Vec<u8>),
}

impl Reply {
    pub fn json(body: &str) -> Self {
        Self::with(200, "application/json; charset=UTF-8", body)
    }

    pub fn with(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self::Http { status, headers, body: body.as_bytes().to_vec() }
    }

    pub fn error(status: u16, code: &str) -> Self {
        let body = format!(r#"{{"code":"{code}","message":"Übersetzt.","data":{{"status":{status}}}}}"#);
        Self::with(status, "application/json", &body)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// Flaws of the store's certificate.
#[derive(Clone, Copy, Default)]
pub struct Certificate {
    pub for_another_host: bool,
    pub expired: bool,
    /// Signed by no authority but its own key.
    pub self_signed: bool,
}

type Handler = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

pub struct TestStore {
    pub origin: Url,
    pub ca_pem: Vec<u8>,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    outbound: OnceLock<Outbound>,
}

impl TestStore {
    pub async fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::with_certificate(Certificate::default(), handler).await
    }

    pub async fn with_certificate(
        flaws: Certificate,
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let (acceptor, ca_pem) = acceptor(flaws);
        Self::serve(Some(acceptor), ca_pem, handler).await
    }

    /// Without TLS.
    pub async fn plain(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::serve(None, acceptor(Certificate::default()).1, handler).await
    }

    async fn serve(
        acceptor: Option<TlsAcceptor>,
        ca_pem: Vec<u8>,
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let origin: Url = format!("{scheme}://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (handler, log, base): (Handler, _, _) = (Arc::new(handler), Arc::clone(&seen), origin.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                socket.set_nodelay(true).unwrap();
                let (acceptor, handler, log, base) =
                    (acceptor.clone(), Arc::clone(&handler), Arc::clone(&log), base.clone());
                tokio::spawn(async move {
                    let Some(acceptor) = acceptor else {
                        let _ = converse(socket, &handler, &log, &base).await;
                        return;
                    };
                    if let Ok(stream) = acceptor.accept(socket).await {
                        let _ = converse(stream, &handler, &log, &base).await;
                    }
                });
            }
        });
        Self { origin, ca_pem, seen, outbound: OnceLock::new() }
    }

    pub fn config(&self) -> OutboundConfig {
        OutboundConfig {
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            ca_pem: Some(self.ca_pem.clone()),
            ..OutboundConfig::default()
        }
    }

    pub fn outbound(&self) -> Outbound {
        self.outbound.get_or_init(|| Outbound::new(self.config()).unwrap()).clone()
    }

    /// A client whose REST root is `path` below the store's origin.
    pub fn client(&self, path: &str) -> StoreClient {
        self.client_with(self.outbound(), AuthScheme::Basic, path)
    }

    pub fn client_with(&self, outbound: Outbound, auth: AuthScheme, path: &str) -> StoreClient {
        StoreClient::new(outbound, Site { auth, ..self.site(path) })
    }

    /// The store as it is known once connected, by Basic keys.
    pub fn site(&self, path: &str) -> Site {
        Site {
            rest_root: self.origin.join(path).unwrap(),
            home_url: self.origin.clone(),
            auth: AuthScheme::Basic,
            keys: keys(),
            plain_http: false,
            timezone: "America/New_York".to_owned(),
        }
    }

    pub fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub fn keys() -> Keys {
    Keys::new(KEY, SECRET)
}

fn acceptor(flaws: Certificate) -> (TlsAcceptor, Vec<u8>) {
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem().into_bytes();
    let issuer = Issuer::new(ca, ca_key);

    let names =
        if flaws.for_another_host { vec!["other.example"] } else { vec!["127.0.0.1", "localhost", "shop.example"] };
    let mut leaf = CertificateParams::new(names.into_iter().map(str::to_owned).collect::<Vec<_>>()).unwrap();
    if flaws.expired {
        leaf.not_before = date_time_ymd(2020, 1, 1);
        leaf.not_after = date_time_ymd(2020, 2, 1);
    }
    let leaf_key = KeyPair::generate().unwrap();
    let certificate = match flaws.self_signed {
        true => leaf.self_signed(&leaf_key).unwrap(),
        false => leaf.signed_by(&leaf_key, &issuer).unwrap(),
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca_pem)
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    handler: &Handler,
    log: &Mutex<Vec<Seen>>,
    base: &Url,
) -> std::io::Result<()> {
    while let Some(request) = read_request(&mut stream, base).await? {
        log.lock().unwrap().push(request.clone());
        match handler(&request) {
            Reply::Http { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                stream.write_all(head.as_bytes()).await?;
                if request.method != "HEAD" {
                    stream.write_all(&body).await?;
                }
                stream.flush().await?;
            }
            Reply::Raw(bytes) => {
                stream.write_all(&bytes).await?;
                return stream.shutdown().await;
            }
            Reply::Endless(start, again) => {
                stream.write_all(&start).await?;
                loop {
                    stream.write_all(&again).await?;
                    stream.flush().await?;
                }
            }
            Reply::Stall(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                std::future::pending::<()>().await;
            }
            Reply::Drip(bytes) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(b" ").await?;
                    stream.flush().await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
    Ok(())
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), base: &Url) -> std::io::Result<Option<Seen>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            return Ok(None);
        }
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Seen { method, url: base.join(target).unwrap(), headers, body }))
}
