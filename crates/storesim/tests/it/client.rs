//! A fleet with an HTTP client beside it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use storesim::{Fleet, FleetConfig, StoreInfo};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn ids(&self) -> Vec<u64> {
        self.json().as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    }
}

/// A fleet under test.
pub struct Lab {
    pub fleet: Fleet,
}

impl Lab {
    pub async fn start(config: FleetConfig) -> Self {
        Self { fleet: Fleet::start(config).await.unwrap() }
    }

    pub async fn of(stores: usize) -> Self {
        Self::start(FleetConfig { stores, ..FleetConfig::default() }).await
    }

    pub fn store(&self, index: usize) -> StoreInfo {
        self.fleet.stores().remove(index - 1)
    }

    /// REST with the usual keys over https.
    pub async fn rest(&self, index: usize, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.try_rest(index, method, path, body).await.unwrap()
    }

    pub async fn get(&self, index: usize, path: &str) -> Answer {
        self.rest(index, "GET", path, None).await
    }

    /// The truth, over plain http.
    pub async fn sim(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send(false, method, &format!("/_sim/{path}"), &[], body.to_owned()).await
    }

    pub async fn send(&self, is_tls: bool, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.try_send(is_tls, method, path, headers, body).await.unwrap()
    }

    /// The same where the connection may end without an answer.
    pub async fn try_send(
        &self,
        is_tls: bool,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, hyper::Error> {
        let stream = TcpStream::connect(self.fleet.addr()).await.unwrap();
        let mut request = Request::builder().method(method).uri(path).header("host", self.fleet.addr().to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        if is_tls {
            let stream = self.connector().connect(ServerName::try_from("127.0.0.1").unwrap(), stream).await.unwrap();
            converse(TokioIo::new(stream), request).await
        } else {
            converse(TokioIo::new(stream), request).await
        }
    }

    /// REST with the usual keys where the connection may end without an answer.
    pub async fn try_rest(
        &self,
        index: usize,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, hyper::Error> {
        let store = self.store(index);
        let path = format!("/s/{index}/wp-json/wc/v3/{path}");
        let basic = basic(&store.consumer_key, &store.consumer_secret);
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.try_send(true, method, &path, &[("authorization", &basic)], body).await
    }

    /// A lever of `/_sim` that must move.
    pub async fn pull(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.fleet.sim("POST", path, &body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Every record of a kind as the shop holds it.
    pub fn truth(&self, index: usize, kind: &str) -> Vec<Value> {
        serde_json::from_str(&self.fleet.truth(index, kind).unwrap()).unwrap()
    }

    pub fn connector(&self) -> TlsConnector {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.fleet.ca_pem().as_bytes()).unwrap()).unwrap();
        let config =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }
}

async fn converse<S>(stream: TokioIo<S>, request: Request<Full<Bytes>>) -> Result<Answer, hyper::Error>
where
    TokioIo<S>: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, text: String::from_utf8(body.to_vec()).unwrap() })
}

pub fn basic(key: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

/// Waits until something holds; fails after ten seconds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds().await {
        assert!(Instant::now() < deadline, "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
