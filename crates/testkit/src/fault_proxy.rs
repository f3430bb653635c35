//! A TCP proxy on loopback that fails as networks do: late, narrow, silent, refusing, or cut at a chosen place of an exchange.
//!
//! It knows no more of what it carries than whose turn it is: bytes of the client begin a request, bytes of the server its answer. Of TLS it
//! skips the handshake, so that places are counted in the exchange itself; the session tickets that a server sends of its own accord
//! count as the beginning of the answer.

mod exchange;
mod lot;

use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};

use lot::Lot;

/// What is wrong with the network. Changes strike open connections at their next bytes.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Added to every chunk of at most 16 KiB, each way.
    pub latency: Duration,
    /// Bytes a second each way; 0 is no limit.
    pub bandwidth: u32,
    /// Whatever comes is swallowed; connections stay open.
    pub black_hole: bool,
    /// New connections are reset at once.
    pub refuse: bool,
    pub cut: CutRule,
}

/// Which requests are cut, where and how. The choice is by lot, decided by the proxy's seed.
#[derive(Clone, Debug, Default)]
pub struct CutRule {
    /// The part of the requests that is cut: 0 (none) to 1 (all).
    pub part: f64,
    /// Only requests that begin with a piece that holds these bytes; with none, any.
    pub holding: Vec<u8>,
    /// One of these places; with none, nothing is cut.
    pub places: Vec<Place>,
    /// One of these ways; with none, [`Way::Close`].
    pub ways: Vec<Way>,
}

/// Where in an exchange a connection is cut. The numbers of bytes that pass before the cut are drawn from the ranges; a request or an
/// answer that is shorter passes whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// None of the request reaches the server.
    BeforeRequest,
    /// So many bytes of it do.
    InRequest(Range<usize>),
    /// All of the request does, and none of the answer reaches the client.
    AfterRequest,
    /// So many bytes of it do.
    InAnswer(Range<usize>),
}

/// How a connection is cut, as the client sees it. The server sees an ordinary end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The connection ends.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing more comes; what the client sends is still carried to the server.
    HalfClose,
}

/// A cut that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The connection's number, from 0.
    pub connection: u64,
    pub place: Place,
    pub way: Way,
}

/// What the proxy stands before.
#[derive(Clone, Debug)]
pub enum Upstream {
    Tcp(SocketAddr),
    /// A socket in the file system, such as PostgreSQL's.
    Unix(PathBuf),
}

impl From<SocketAddr> for Upstream {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl From<PathBuf> for Upstream {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path)
    }
}

/// A running proxy. It ends, with all its connections, when this is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    upstream: Upstream,
    seed: u64,
    faults: Mutex<Arc<Faults>>,
    cuts: Mutex<Vec<Cut>>,
}

impl Shared {
    fn faults(&self) -> Arc<Faults> {
        Arc::clone(&lock(&self.faults))
    }
}

impl FaultProxy {
    /// Starts a proxy before `upstream` on a free port of 127.0.0.1, without faults.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start(upstream: impl Into<Upstream>) -> Result<Self> {
        Self::seeded(upstream, 0).await
    }

    /// The same with a seed of its own. With one seed the n-th connection always draws the same places and ways for its requests.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn seeded(upstream: impl Into<Upstream>, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the proxy")?;
        let addr = listener.local_addr()?;
        let shared =
            Arc::new(Shared { upstream: upstream.into(), seed, faults: Mutex::default(), cuts: Mutex::default() });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { addr, shared, task })
    }

    /// Where clients connect.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Replaces all faults; the default has none.
    pub fn set(&self, faults: Faults) {
        *lock(&self.shared.faults) = Arc::new(faults);
    }

    /// The cuts made so far, in the order in which they were made.
    #[must_use]
    pub fn cuts(&self) -> Vec<Cut> {
        lock(&self.shared.cuts).clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Takes connections until it is dropped; theirs end with it.
async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                connections.spawn(carry(client, Arc::clone(&shared), number));
                number += 1;
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(client: TcpStream, shared: Arc<Shared>, number: u64) {
    if shared.faults().refuse {
        reset(&client);
        return;
    }
    let _ = client.set_nodelay(true);
    let lot = Lot::new(shared.seed, number);
    // A server that cannot be reached looks to the client like one that hangs up.
    let cut = match &shared.upstream {
        Upstream::Tcp(address) => {
            let Ok(server) = TcpStream::connect(address).await else { return };
            let _ = server.set_nodelay(true);
            exchange::relay(client, server, &shared, lot).await
        }
        Upstream::Unix(path) => {
            let Ok(server) = UnixStream::connect(path).await else { return };
            exchange::relay(client, server, &shared, lot).await
        }
    };
    if let Some((place, way)) = cut {
        lock(&shared.cuts).push(Cut { connection: number, place, way });
    }
}

/// Makes the end of the connection a reset.
fn reset(client: &TcpStream) {
    let _ = client.set_zero_linger();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
