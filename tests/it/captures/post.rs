//! Deliveries as bytes on a socket: what a shop's headers and body were is what the intake gets.

use std::time::Duration;

use anyhow::{Context as _, Result};
use storewire_testkit::captures::Delivery;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Far longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One POST to the intake.
#[derive(Clone, Debug)]
pub struct Post {
    pub token: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Post {
    /// The delivery as it was captured, to another address.
    pub fn of(delivery: &Delivery, token: &str) -> Self {
        Self { token: token.to_owned(), headers: delivery.headers.clone(), body: delivery.body.clone() }
    }

    /// With this header and no other of its name.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// With this body, rightly measured and not signed anew.
    pub fn with_body(self, body: Vec<u8>) -> Self {
        let length = body.len().to_string();
        Self { body, ..self }.with("Content-Length", &length)
    }

    /// Signed with this secret.
    pub fn signed(self, secret: &str) -> Self {
        let signature = storewire_guard::signature::sign(&self.body, secret.as_bytes());
        self.with("X-WC-Webhook-Signature", &signature)
    }

    /// Sends it and answers the status.
    pub async fn send(&self, port: u16) -> Result<u16> {
        status(&self.exchange(port).await?)
    }

    /// Sends it and answers the status, and after how many seconds to come again if that was said.
    pub async fn ask(&self, port: u16) -> Result<(u16, Option<u64>)> {
        let head = self.exchange(port).await?;
        let said = head.lines().filter_map(|line| line.split_once(": "));
        let again = said.filter(|(name, _)| name.eq_ignore_ascii_case("retry-after")).find_map(|(_, s)| s.parse().ok());
        Ok((status(&head)?, again))
    }

    /// The head of the answer. The end of what cannot be sent any more is nobody's fault: the answer counts.
    async fn exchange(&self, port: u16) -> Result<String> {
        let (mut reader, mut writer) = TcpStream::connect(("127.0.0.1", port)).await?.into_split();
        let (head, body) = (self.head(), self.body.clone());
        let writing = tokio::spawn(async move {
            writer.write_all(head.as_bytes()).await?;
            writer.write_all(&body).await?;
            // Closed only by the answer: half a connection is not how shops wait.
            std::io::Result::Ok(writer)
        });
        let answer = timeout(PATIENCE, head_of(&mut reader)).await.context("no answer")??;
        writing.abort();
        Ok(answer)
    }

    /// Sends all but the last byte at once, then one byte of more a second, which is never the end.
    pub async fn trickle(&self, port: u16) -> Result<u16> {
        let (mut reader, mut writer) = TcpStream::connect(("127.0.0.1", port)).await?.into_split();
        let endless = self.clone().with("Content-Length", "1000000");
        writer.write_all(endless.head().as_bytes()).await?;
        let dripping = tokio::spawn(async move {
            let mut seconds = tokio::time::interval(Duration::from_secs(1));
            loop {
                seconds.tick().await;
                if writer.write_all(b"{").await.is_err() {
                    break;
                }
            }
        });
        let answer = timeout(PATIENCE, head_of(&mut reader)).await.context("no answer")??;
        dripping.abort();
        status(&answer)
    }

    fn head(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("POST /hooks/woo/{} HTTP/1.1\r\n{headers}\r\n", self.token)
    }
}

async fn head_of(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<String> {
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = reader.read(&mut buffer).await?;
        anyhow::ensure!(count > 0, "closed without an answer");
        answer.extend_from_slice(&buffer[..count]);
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn status(head: &str) -> Result<u16> {
    head.split(' ').nth(1).and_then(|code| code.parse().ok()).with_context(|| format!("no status in {head:?}"))
}
