//! One keep-alive connection that posts deliveries, and the few other requests that a test makes.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::source::Signed;

/// See the module.
pub struct Poster {
    sender: http1::SendRequest<Full<Bytes>>,
    host: String,
}

impl Poster {
    /// # Errors
    /// If nobody listens there.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the sender, or with the peer.
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string() })
    }

    /// Posts a delivery as WooCommerce does.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn deliver(&mut self, signed: Signed) -> Result<StatusCode> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(signed.path)
            .header(header::HOST, &self.host)
            .header(header::USER_AGENT, "WooCommerce/11.0.1 Hookshot (WordPress/7.1)")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-wc-webhook-source", signed.source)
            .header("x-wc-webhook-topic", "order.updated")
            .header("x-wc-webhook-resource", "order")
            .header("x-wc-webhook-event", "updated")
            .header("x-wc-webhook-signature", signed.signature)
            .header("x-wc-webhook-id", "1")
            .header("x-wc-webhook-delivery-id", signed.delivery_id)
            .body(Full::new(signed.body))?;
        Ok(self.send(request).await?.0)
    }

    /// # Errors
    /// If the connection breaks.
    pub async fn get(&mut self, path: &str) -> Result<(StatusCode, Bytes)> {
        let request = Request::get(path).header(header::HOST, &self.host).body(Full::default())?;
        self.send(request).await
    }

    /// Asks for a page as a browser does that is logged in.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn browse(&mut self, path: &str, cookie: &str) -> Result<(StatusCode, Bytes)> {
        let request = Request::get(path)
            .header(header::HOST, &self.host)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookie)
            .body(Full::default())?;
        self.send(request).await
    }

    /// # Errors
    /// If the connection breaks.
    pub async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Result<(StatusCode, Bytes)> {
        let request = Request::post(path)
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body.to_string().into()))?;
        self.send(request).await
    }

    /// Has a program's login do something that needs no words.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn command(&mut self, path: &str, bearer: &str) -> Result<StatusCode> {
        let request = Request::post(path)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, format!("Bearer {bearer}"))
            .header("idempotency-key", uuid::Uuid::new_v4().to_string())
            .body(Full::default())?;
        Ok(self.send(request).await?.0)
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}
