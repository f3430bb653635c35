//! Watchers: sockets like a program's or like a panel page's, that note what arrives.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, COOKIE, HeaderValue, ORIGIN};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::source::event_of_total;
use crate::tally::{Notes, Tally};

const HELLO_WITHIN: Duration = Duration::from_secs(20);

/// Which of the two sockets is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Socket {
    /// `/api/v1/live` with a bearer token: every change, as data.
    Api,
    /// `/live` with a cookie, as the page of orders opens it: every change of an order, as HTML too.
    Panel,
}

#[derive(Deserialize)]
struct Frame<'a> {
    kind: &'a str,
    #[serde(default)]
    topic: &'a str,
    #[serde(default)]
    seq: i64,
    #[serde(borrow, default)]
    detail: Option<Detail<'a>>,
}

/// Before and after. Every event changes the total, and no two to the same.
#[derive(Deserialize)]
struct Detail<'a> {
    #[serde(borrow, default)]
    total: Option<(Option<&'a str>, Option<&'a str>)>,
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a socket and returns when it is live.
///
/// # Errors
/// If it is refused, or nothing says that it is live.
pub async fn open(address: SocketAddr, socket: Socket, bearer: &str) -> Result<Notes> {
    let path = match socket {
        Socket::Api => "/api/v1/live",
        Socket::Panel => "/live?page=orders",
    };
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    let headers = request.headers_mut();
    match socket {
        Socket::Api => headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {bearer}"))?),
        Socket::Panel => {
            headers.insert(ORIGIN, HeaderValue::from_str(&format!("http://{address}"))?);
            headers.insert(COOKIE, HeaderValue::from_str(&format!("sw={bearer}"))?)
        }
    };
    let (mut stream, _) = tokio_tungstenite::connect_async(request).await.context("cannot open a live socket")?;
    let hello = timeout(HELLO_WITHIN, wait_for_hello(&mut stream)).await;
    hello.with_context(|| format!("a socket did not go live within {HELLO_WITHIN:?}"))??;
    let notes = Notes::new()?;
    tokio::spawn(follow(stream, notes.clone()));
    Ok(notes)
}

async fn wait_for_hello(stream: &mut Stream) -> Result<()> {
    while let Some(message) = stream.next().await {
        if let Message::Text(text) = message?
            && serde_json::from_str::<Frame<'_>>(&text).is_ok_and(|frame| frame.kind == "hello")
        {
            return Ok(());
        }
    }
    bail!("a socket was closed before it went live")
}

async fn follow(mut stream: Stream, notes: Notes) {
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Text(text) = message {
            let now = Instant::now();
            note(&mut notes.lock(), &text, now);
        }
    }
    notes.lock().is_open = false;
}

/// Notes a frame in a watcher's tally.
pub(crate) fn note(tally: &mut Tally, text: &str, now: Instant) {
    let Ok(frame) = serde_json::from_str::<Frame<'_>>(text) else { return };
    if frame.kind == "reload" {
        tally.reloads += 1;
    }
    if frame.topic.is_empty() {
        return;
    }
    tally.number(frame.topic, frame.seq);
    let total = frame.detail.and_then(|detail| detail.total).and_then(|(_, now)| now);
    if let Some(event) = total.and_then(event_of_total) {
        tally.event(event, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Step;

    #[test]
    fn a_frame_is_noted_by_its_number_and_by_the_total_that_it_tells() {
        let notes = Notes::new().unwrap();
        let now = Instant::now();
        notes.lock().begin(Step { first: 40, count: 3, rate: 1_000, started: now }).unwrap();
        let frame = r#"{"topic":"store:s","seq":7,"kind":"order.updated","id":"o","detail":{"status":["a","b"],"total":["1","42"]}}"#;
        for text in [frame, r#"{"kind":"beat"}"#, r#"{"kind":"reload"}"#] {
            note(&mut notes.lock(), text, now);
        }
        let created = r#"{"topic":"store:s","seq":8,"kind":"order.created","detail":{"total":[null,"43"]}}"#;
        note(&mut notes.lock(), created, now);
        let tally = notes.lock();
        assert_eq!((tally.num_seen(), tally.gaps, tally.reloads), (2, 0, 1));
    }
}
