//! Live sockets that come back with their last cursor whenever they are cut off, and note what they were shown.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::StreamExt as _;
use serde::Deserialize;
use storewire_oracle::{Shown, Watcher};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Message, http::header::AUTHORIZATION};
use uuid::Uuid;

const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// The server promises a sign of life every 20 seconds.
const SILENCE: Duration = Duration::from_secs(45);
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Frame {
    kind: String,
    cursor: Option<String>,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    seq: i64,
    id: Option<Uuid>,
}

/// See the module. Dropped, it is closed.
#[derive(Debug)]
pub struct Socket {
    watcher: Arc<Mutex<Notes>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Notes {
    watcher: Watcher,
    cursor: Option<String>,
    is_live: bool,
    connections: usize,
}

impl Socket {
    /// Opens one with a login.
    #[must_use]
    pub fn open(address: SocketAddr, bearer: &str) -> Self {
        Self::telling(address, bearer, |_| ())
    }

    /// Opens one that hands on each message as it comes, repeats among them.
    #[must_use]
    pub fn telling(address: SocketAddr, bearer: &str, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let watcher: Arc<Mutex<Notes>> = Arc::default();
        let (notes, bearer) = (Arc::clone(&watcher), bearer.to_owned());
        let task = tokio::spawn(async move {
            loop {
                // However it ended: it is opened again from where it was.
                let _ = follow(address, &bearer, &notes, &tell).await;
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        });
        Self { watcher, task }
    }

    /// Whether it was told that it has everything, at least once.
    #[must_use]
    pub fn is_live(&self) -> bool {
        lock(&self.watcher).is_live
    }

    /// How often it was opened.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.watcher).connections
    }

    /// What it was shown so far.
    #[must_use]
    pub fn watcher(&self) -> Watcher {
        lock(&self.watcher).watcher.clone()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(
    address: SocketAddr,
    bearer: &str,
    notes: &Mutex<Notes>,
    tell: &(impl Fn(&str) + Send + Sync),
) -> Result<()> {
    let since = lock(notes).cursor.clone().map(|cursor| format!("?since={cursor}")).unwrap_or_default();
    let mut request = format!("ws://{address}/api/v1/live{since}").into_client_request()?;
    request.headers_mut().insert(AUTHORIZATION, format!("Bearer {bearer}").parse()?);
    let connecting = tokio_tungstenite::connect_async(request);
    let (mut stream, _) = tokio::time::timeout(CONNECT_WITHIN, connecting).await.context("no handshake")??;
    lock(notes).connections += 1;
    while let Some(message) = tokio::time::timeout(SILENCE, stream.next()).await.context("silence")? {
        let Message::Text(text) = message? else { continue };
        tell(&text);
        let Ok(frame) = serde_json::from_str::<Frame>(&text) else { continue };
        lock(notes).note(frame);
    }
    Ok(())
}

impl Notes {
    fn note(&mut self, frame: Frame) {
        if frame.cursor.is_some() {
            self.cursor = frame.cursor;
        }
        match frame.kind.as_str() {
            "hello" => self.is_live = true,
            "reload" => self.watcher.reloads += 1,
            _ => {
                let store = frame.topic.strip_prefix("store:").and_then(|id| id.parse().ok());
                if let (Some(store), Some(entity)) = (store, frame.id) {
                    self.watcher.seen.insert((store, frame.seq), Shown { kind: frame.kind, entity });
                }
            }
        }
    }
}

fn lock(notes: &Mutex<Notes>) -> std::sync::MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}
