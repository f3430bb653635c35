//! A client of the product that expects to be let down: one connection per call, and an end to every wait.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

const WITHIN: Duration = Duration::from_secs(8);

/// See the module.
#[derive(Clone, Debug)]
pub struct Api {
    address: SocketAddr,
    bearer: Option<String>,
}

impl Api {
    #[must_use]
    pub const fn open(address: SocketAddr) -> Self {
        Self { address, bearer: None }
    }

    /// The same in the name of whoever logs in.
    ///
    /// # Errors
    /// If the login is refused.
    pub async fn log_in(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let credentials = serde_json::json!({ "email": email, "password": password });
        let (status, answer) =
            Self::open(address).call(Method::POST, "/api/v1/auth/login", &[], Some(&credentials)).await?;
        anyhow::ensure!(status.is_success(), "the login was answered with {status}");
        let token = answer["access_token"].as_str().context("the login gave no token")?.to_owned();
        Ok(Self { address, bearer: Some(token) })
    }

    #[must_use]
    pub fn bearer(&self) -> &str {
        self.bearer.as_deref().unwrap_or_default()
    }

    pub async fn is_ready(&self) -> bool {
        self.call(Method::GET, "/readyz", &[], None).await.is_ok_and(|(status, _)| status.is_success())
    }

    /// A call with JSON; an answer that is none is null.
    ///
    /// # Errors
    /// If no whole answer comes in time.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value)> {
        let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, self.address.to_string());
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, answer) = self.send(request.body(Full::new(bytes))?).await?;
        Ok((status, serde_json::from_slice(&answer).unwrap_or_default()))
    }

    /// Sends a request as it is.
    ///
    /// # Errors
    /// If no whole answer comes in time.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        tokio::time::timeout(WITHIN, self.exchange(request)).await.context("no answer in time")?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the sender, or with the peer.
        tokio::spawn(connection);
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}
