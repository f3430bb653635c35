//! The physical limit of many sockets: one message, made once, written to every WebSocket. No login, no log, no views.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::ChildStdin;
use tokio::sync::{Mutex, broadcast, mpsc};
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::Floor;
use crate::open::Post;

/// Nobody says anything to it.
const READ_BYTES: usize = 512;
/// Messages that may wait for a socket; nobody is let off, whatever the rate.
const WAITING: usize = 1 << 14;

/// Has the limit's process tell everybody of an event.
#[derive(Clone)]
pub struct BroadcastPoster(Arc<Mutex<ChildStdin>>);

impl Floor {
    /// Who tells the broadcast process of events; there is one.
    ///
    /// # Errors
    /// If it was asked for before.
    pub fn broadcaster(&mut self) -> Result<BroadcastPoster> {
        let input = self.child.stdin.take().context("the limit's process has one input")?;
        Ok(BroadcastPoster(Arc::new(Mutex::new(input))))
    }
}

impl Post for BroadcastPoster {
    async fn post(&mut self, event: u64) -> Result<bool> {
        self.0.lock().await.write_all(&event.to_be_bytes()).await?;
        Ok(true)
    }
}

/// Listens, and sends a message of `size` bytes for each number that is read from standard input, until that ends.
pub(super) async fn serve(address: SocketAddr, size: usize) -> Result<()> {
    let (messages, _) = broadcast::channel(WAITING);
    let listener = TcpListener::bind(address).await?;
    let mut events = read_events();
    let (mut seq, sender) = (0, messages.clone());
    let telling = async {
        while let Some(event) = events.recv().await {
            seq += 1;
            // Nobody may be listening.
            let _ = sender.send(message(seq, event, size));
        }
    };
    let accepting = async {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(send(stream, messages.subscribe()));
        }
    };
    tokio::select! {
        () = telling => Ok(()),
        accepted = accepting => accepted,
    }
}

fn read_events() -> mpsc::UnboundedReceiver<u64> {
    let (tell, events) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let (mut input, mut number) = (std::io::stdin().lock(), [0; 8]);
        while input.read_exact(&mut number).is_ok() {
            if tell.send(u64::from_be_bytes(number)).is_err() {
                return;
            }
        }
    });
    events
}

/// As a frame of ours reads to a watcher, and as long.
fn message(seq: u64, event: u64, size: usize) -> Utf8Bytes {
    let total = event + 1;
    let mut text =
        format!(r#"{{"topic":"floor","seq":{seq},"kind":"order.updated","detail":{{"total":["0","{total}"]}},"pad":""#);
    let pad = size.saturating_sub(text.len() + 2);
    text.extend(std::iter::repeat_n('.', pad));
    text.push_str("\"}");
    text.into()
}

async fn send(stream: TcpStream, mut messages: broadcast::Receiver<Utf8Bytes>) -> Result<()> {
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BYTES);
    let (mut sink, mut stream) = accept_async_with_config(stream, Some(config)).await?.split();
    sink.send(Message::text(r#"{"kind":"hello"}"#)).await?;
    loop {
        let mut next = tokio::select! {
            message = messages.recv() => Some(message?),
            said = stream.next() => match said {
                Some(Ok(_)) => None,
                _ => return Ok(()),
            },
        };
        // All that is there goes out together.
        while let Some(text) = next {
            sink.feed(Message::Text(text)).await?;
            next = messages.try_recv().ok();
        }
        sink.flush().await?;
    }
}
