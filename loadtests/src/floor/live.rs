//! The physical limit of the live path: a process that does nothing but what no product can leave out.
//!
//! It takes an event over a plain connection, inserts the same row in a group commit, and writes a frame of the same
//! size to each watcher's plain connection. No HTTP, no signature, no decoding, no order, no change log, no login.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};

use super::Floor;
use crate::bare::{self, Body, Inserter};
use crate::open::Post;
use crate::source::Source;
use crate::tally::Notes;

/// What a caller says first: that it posts, or that it watches.
const POSTS: u8 = b'p';
const WATCHES: u8 = b'w';
const TAKEN: u8 = b'+';
/// As large as a frame of ours about an order; the event's number stands first.
const FRAME_BYTES: usize = 512;
const NUMBER_BYTES: usize = 8;
const WAITING: usize = 4_096;

struct Arrival {
    event: u64,
    body: Body,
    reply: oneshot::Sender<()>,
}

impl Floor {
    /// # Errors
    /// If it has ended.
    pub async fn poster(&self, source: Arc<Source>) -> Result<FloorPoster> {
        Ok(FloorPoster { stream: self.connect(POSTS).await?, source })
    }

    /// # Errors
    /// If it has ended.
    pub async fn watch(&self) -> Result<Notes> {
        let (mut reader, notes) = (BufReader::with_capacity(32 << 10, self.connect(WATCHES).await?), Notes::new()?);
        let notebook = notes.clone();
        tokio::spawn(async move {
            let mut frame = [0; FRAME_BYTES];
            while reader.read_exact(&mut frame).await.is_ok() {
                if let Some(number) = frame.first_chunk::<NUMBER_BYTES>() {
                    notebook.lock().event(u64::from_be_bytes(*number), Instant::now());
                }
            }
            notebook.lock().is_open = false;
        });
        Ok(notes)
    }

    async fn connect(&self, role: u8) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        stream.write_u8(role).await?;
        Ok(stream)
    }
}

/// Posts to the limit's process.
pub struct FloorPoster {
    stream: TcpStream,
    source: Arc<Source>,
}

impl Post for FloorPoster {
    async fn post(&mut self, event: u64) -> Result<bool> {
        let body = self.source.body(event)?;
        let mut message = Vec::with_capacity(body.len() + 12);
        message.extend_from_slice(&event.to_be_bytes());
        message.extend_from_slice(&u32::try_from(body.len())?.to_be_bytes());
        message.extend_from_slice(body.as_bytes());
        self.stream.write_all(&message).await?;
        Ok(self.stream.read_u8().await? == TAKEN)
    }
}

/// The process itself; runs until its standard input ends.
///
/// # Errors
/// If it cannot listen, or the database is not there.
pub(super) async fn serve(address: SocketAddr, database_url: &str) -> Result<()> {
    let (arrive, waiting) = mpsc::channel(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    let (frames, _) = broadcast::channel(1 << 16);
    for _ in 0..bare::CONNECTIONS {
        let inserter = Inserter::connect(database_url).await?;
        tokio::spawn(commit(inserter, Arc::clone(&waiting), frames.clone()));
    }
    let listener = TcpListener::bind(address).await?;
    let accepting = async {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(answer(stream, arrive.clone(), frames.clone()));
        }
    };
    tokio::select! {
        accepted = accepting => accepted,
        _ = super::input_ends() => Ok(()),
    }
}

async fn answer(mut stream: TcpStream, arrive: mpsc::Sender<Arrival>, frames: broadcast::Sender<u64>) -> Result<()> {
    stream.set_nodelay(true)?;
    match stream.read_u8().await? {
        WATCHES => send_frames(stream, frames.subscribe()).await,
        _ => {
            let (reader, mut writer) = stream.into_split();
            let mut reader = BufReader::with_capacity(8 << 10, reader);
            loop {
                let (event, body) = read_event(&mut reader).await?;
                let (reply, taken) = oneshot::channel();
                arrive.send(Arrival { event, body, reply }).await?;
                taken.await?;
                writer.write_u8(TAKEN).await?;
            }
        }
    }
}

async fn read_event(reader: &mut BufReader<OwnedReadHalf>) -> Result<(u64, Body)> {
    let (event, length) = (reader.read_u64().await?, reader.read_u32().await?);
    let mut bytes = vec![0; usize::try_from(length)?];
    reader.read_exact(&mut bytes).await?;
    Ok((event, Body { delivery_id: format!("{event:032x}"), sha256: crate::source::sha256(&bytes), bytes }))
}

async fn commit(
    inserter: Inserter,
    waiting: Arc<Mutex<mpsc::Receiver<Arrival>>>,
    frames: broadcast::Sender<u64>,
) -> Result<()> {
    let mut batch = Vec::with_capacity(bare::BATCH);
    while waiting.lock().await.recv_many(&mut batch, bare::BATCH).await > 0 {
        let bodies: Vec<&Body> = batch.iter().map(|arrival| &arrival.body).collect();
        inserter.insert(&bodies).await?;
        for arrival in batch.drain(..) {
            // Nobody may be watching; the poster may have gone.
            let _ = frames.send(arrival.event);
            let _ = arrival.reply.send(());
        }
    }
    Ok(())
}

async fn send_frames(mut stream: TcpStream, mut frames: broadcast::Receiver<u64>) -> Result<()> {
    let mut out = Vec::with_capacity(64 * FRAME_BYTES);
    loop {
        let mut next = Some(frames.recv().await?);
        // All that is there goes out in one write.
        while let Some(event) = next {
            out.extend_from_slice(&event.to_be_bytes());
            out.resize(out.len() + FRAME_BYTES - NUMBER_BYTES, b' ');
            next = frames.try_recv().ok();
        }
        stream.write_all(&out).await?;
        out.clear();
    }
}
