//! A crowd of sockets that count what they are sent; a few of them also note when.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::lean::Lean;
use crate::tally::Notes;
use crate::watch::note;

/// Handshakes under way at once.
const AT_ONCE: usize = 64;
const LIVE_WITHIN: Duration = Duration::from_secs(30);
/// One of so many notes when frames arrive: reading every frame would cost more than sending it.
const NOTED_OF: usize = 20;
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Nothing new for so long, though something is missing: it will not come.
const QUIET: Duration = Duration::from_secs(3);
/// How the frame of a change begins, and how none of the others does.
const CHANGE: &[u8] = b"{\"topic\"";
const RELOAD: &[u8] = b"{\"kind\":\"reload\"";

/// What a socket was sent.
#[derive(Debug, Default)]
struct Counts {
    changes: AtomicU64,
    bytes: AtomicU64,
    is_cut_short: AtomicBool,
}

/// See the module. Dropped, every socket is closed.
pub struct Crowd {
    counts: Vec<Arc<Counts>>,
    pub notes: Vec<Notes>,
    /// From the first handshake until every socket was live.
    pub gathered_in: Duration,
    _readers: JoinSet<()>,
}

/// What reached the crowd between two looks.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Frames of changes, over all sockets.
    pub frames: u64,
    pub bytes: u64,
    /// Frames that a socket should have been sent and was not.
    pub lost: u64,
    /// When the last of them had arrived.
    pub at: Instant,
}

impl Crowd {
    /// Opens `size` sockets and returns when all are live.
    ///
    /// # Errors
    /// If one is refused, or does not go live.
    pub async fn gather(address: SocketAddr, path: &str, headers: &str, size: usize) -> Result<Self> {
        let (started, mut readers) = (Instant::now(), JoinSet::new());
        let members: Vec<(Arc<Counts>, Option<Notes>, Lean)> = stream::iter(0..size)
            .map(|place| async move {
                let socket = Lean::open(address, path, headers).await?;
                let notes = place.is_multiple_of(NOTED_OF).then(Notes::new).transpose()?;
                anyhow::Ok((Arc::default(), notes, socket))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let (tell_live, mut live) = watch::channel(0_usize);
        let (mut counts, mut noting) = (Vec::with_capacity(size), Vec::new());
        for (of_socket, notes, socket) in members {
            counts.push(Arc::clone(&of_socket));
            noting.extend(notes.clone());
            readers.spawn(follow(socket, of_socket, notes, tell_live.clone()));
        }
        let all = timeout(LIVE_WITHIN, live.wait_for(|live| *live == size)).await;
        all.with_context(|| format!("not all of {size} sockets went live within {LIVE_WITHIN:?}"))??;
        Ok(Self { counts, notes: noting, gathered_in: started.elapsed(), _readers: readers })
    }

    /// Waits until every socket was sent `each` frames since `before` (see [`Crowd::counted`]), or nothing comes any more.
    pub async fn wait(&self, before: &[(u64, u64)], each: u64) -> Reached {
        let (mut most, mut at) = (0, Instant::now());
        loop {
            let since = self.since(before);
            let frames = since.iter().map(|(frames, _)| frames).sum();
            if frames > most {
                (most, at) = (frames, Instant::now());
            }
            if since.iter().all(|(frames, _)| *frames >= each) || at.elapsed() > QUIET {
                let bytes = since.iter().map(|(_, bytes)| bytes).sum();
                let lost = since.iter().map(|(frames, _)| each.saturating_sub(*frames)).sum();
                return Reached { frames, bytes, lost, at };
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Frames and bytes of each socket so far.
    #[must_use]
    pub fn counted(&self) -> Vec<(u64, u64)> {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        self.counts.iter().map(|counts| (load(&counts.changes), load(&counts.bytes))).collect()
    }

    /// # Errors
    /// If a socket was closed, or told that it lacks too much.
    pub fn ensure_whole(&self) -> Result<()> {
        let cut = self.counts.iter().filter(|counts| counts.is_cut_short.load(Ordering::Relaxed)).count();
        ensure!(cut == 0, "{cut} of {} sockets were closed or told to reload", self.counts.len());
        Ok(())
    }

    fn since(&self, before: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let pairs = self.counted().into_iter().zip(before);
        pairs.map(|(now, before)| (now.0 - before.0, now.1 - before.1)).collect()
    }
}

async fn follow(mut socket: Lean, counts: Arc<Counts>, notes: Option<Notes>, live: watch::Sender<usize>) {
    let mut is_live = false;
    let reading = async {
        loop {
            let read = socket.read(|text| {
                if text.starts_with(CHANGE) {
                    counts.changes.fetch_add(1, Ordering::Relaxed);
                    counts.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
                } else if text.starts_with(RELOAD) {
                    counts.is_cut_short.store(true, Ordering::Relaxed);
                }
                if !is_live && text.windows(7).any(|seven| seven == b"\"hello\"") {
                    is_live = true;
                    live.send_modify(|live| *live += 1);
                }
                if let Some((notes, text)) = notes.as_ref().zip(std::str::from_utf8(text).ok()) {
                    note(&mut notes.lock(), text, Instant::now());
                }
            });
            if read.await.is_err() {
                return;
            }
        }
    };
    reading.await;
    counts.is_cut_short.store(true, Ordering::Relaxed);
    if let Some(notes) = notes {
        notes.lock().is_open = false;
    }
}
